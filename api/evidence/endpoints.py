"""Photos and signatures in and out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.batch import Batch
from api.custody.bodies import whole_body
from api.custody.schemas import FileAnswer
from api.errors import NotFoundError
from api.evidence.store import find_file
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/evidence", tags=["custody"])
Sender = Annotated[Who, allow(Role.COURIER, Role.DESK, Role.DISPATCHER)]
Looker = Annotated[Who, allow(Role.DESK, Role.DISPATCHER, Role.AUDITOR, Role.ADMIN)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", examples=["ab" * 32])]

_PICTURES = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/jpeg", "image/png", "image/webp")
}


@router.post("", openapi_extra={"requestBody": {"required": True, "content": _PICTURES}})
async def post_file(
    who: Sender,
    request: Request,
    x_sha256: Annotated[str | None, Header(pattern="^[0-9a-fA-F]{64}$", examples=["ab" * 32])] = None,
) -> FileAnswer:
    """Keep a picture; its metadata is cut out. Sending it again is harmless."""
    runtime = runtime_of(request)
    content = await whole_body(request, runtime.settings.evidence_bytes)
    file = await runtime.evidence.keep_soon(content, x_sha256)
    await runtime.intake.take(Batch(who, files=(file,)))
    return FileAnswer(**asdict(file.stored))


@router.get("/{sha256}", response_class=Response, responses={200: {"content": _PICTURES}})
def read_file(sha256: Sha256, who: Looker, request: Request) -> Response:
    """Show a picture; the look is written down."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        row = find_file(connection, who.scope, sha256)
    if row is None or row.erased_at is not None:
        raise _not_here(sha256, erased=row is not None)
    content = runtime.evidence.read(sha256)
    _note(runtime, who, sha256)
    return Response(content, media_type=row.media_type, headers={"Cache-Control": "private, no-store"})


def _note(runtime: Runtime, who: Who, sha256: str) -> None:
    def write(connection: Connection) -> None:
        note_look(connection, datetime.now(UTC), who, "evidence", sha256)

    runtime.writer.write_now(write)


def _not_here(sha256: str, *, erased: bool) -> NotFoundError:
    if erased:
        return NotFoundError(f"Tệp {sha256} đã xóa theo thời hạn lưu trữ.", f"File {sha256} was erased by retention.")
    return NotFoundError(f"Không có tệp {sha256}.", f"There is no file {sha256}.")
