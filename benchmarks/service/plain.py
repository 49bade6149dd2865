"""
The endpoint that one would write first, to compare with: FastAPI, an upload, a SQLAlchemy session, one commit.

It keeps event and photo on disk before it answers, as the service does: the photo flushed, its name in the folder
flushed, the commit flushed. It checks no signature, no rule, no duplicate and chains nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Form, UploadFile
from sqlalchemy import String, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class _Base(DeclarativeBase):
    pass


class Event(_Base):
    """A row an event."""

    __tablename__ = "events"

    event_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    content: Mapped[str] = mapped_column(Text)


class Photo(_Base):
    """A row a photo."""

    __tablename__ = "photos"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))


def create_plain(folder: Path) -> FastAPI:
    """Make the application; its database is a SQLite file in the folder."""
    engine = create_engine(f"sqlite:///{folder / 'plain.db'}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    _Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    app = FastAPI()

    def opened() -> Iterator[Session]:
        with sessions() as session:
            yield session

    own = Depends(opened)

    @app.post("/proofs")
    def post_proof(batch: Annotated[str, Form()], files: list[UploadFile], session: Session = own) -> dict[str, str]:
        found = json.loads(batch)["events"][0]
        session.add(Event(event_id=found["event_id"], content=json.dumps(found)))
        for file in files:
            content = file.file.read()
            name = hashlib.sha256(content).hexdigest()
            with (folder / name).open("wb") as kept:
                kept.write(content)
                kept.flush()
                os.fsync(kept.fileno())
            _flush_folder(folder)  # without it the photo is on disk, but not its name
            session.add(Photo(sha256=name, event_id=found["event_id"]))
        session.commit()
        return {"event_id": found["event_id"]}

    return app


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    uvicorn.run(create_plain(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="warning", access_log=False)
