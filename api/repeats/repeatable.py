"""
Making a thing once, however often the request for it arrives (draft-ietf-httpapi-idempotency-key-header-07).

    @router.post("/things", status_code=201)
    async def post_thing(body: NewThing, who: Admin, request: Request, once: Once) -> Thing:
        ...
        return await once.write(write)

`write` returns the answer. With an `Idempotency-Key` it is stored, sealed, in the transaction of what it tells of; the
same person's same request with the same key gets it again, and nothing is made. A request that was refused leaves no
trace, so it is judged anew. `Once` stands after who asks: answers belong to a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.repeats.sealing import key_hash, opened, sealed
from api.repeats.store import claim, find_answer, keep_answer
from api.service.runtime import Runtime, runtime_of

Answer = TypeVar("Answer", bound=BaseModel)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r'^"?[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[47][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}"?$',
        description="A new random UUID (version 4 or 7, RFC 9562) for each thing to be made, kept secret and sent again"
        " with each repetition: within a day it is made once, and answered alike.",
    ),
]


class AnsweredError(Exception):
    """No failure: the request was answered before, and ends here with that answer."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.answer = answer


class Repeatable:
    """Writes what a request makes."""

    def __init__(self, runtime: Runtime, person: str, key: str | None, digest: str) -> None:
        self._runtime, self._person, self._key, self._digest = runtime, person, key, digest

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """
        Run a work in the writer.

        Raises
        ------
        AnsweredError
            When another request with the key was faster.
        """
        return await self._runtime.writer.write(self._once(work))

    def write_now(self, work: Callable[[Connection], Answer]) -> Answer:
        """As `write`, for threads."""
        return self._runtime.writer.write_now(self._once(work))

    def require_new(self) -> None:
        """
        Look whether the request was answered already.

        Raises
        ------
        AnsweredError
            With the answer.
        InputError
            When the key was used for another request.
        """
        if self._key is not None:
            with self._runtime.database.read() as connection:
                self._require_new(connection, self._key)

    def _require_new(self, connection: Connection, key: str) -> None:
        found = find_answer(connection, self._person, key_hash(key), self._digest)
        if found is not None:
            raise AnsweredError(opened(key, found))

    def _once(self, work: Callable[[Connection], Answer]) -> Callable[[Connection], Answer]:
        if self._key is None:
            return work
        key, named = self._key, key_hash(self._key)

        def write(connection: Connection) -> Answer:
            if not claim(connection, self._person, named, self._digest, datetime.now(UTC)):
                self._require_new(connection, key)
            answer = work(connection)
            keep_answer(connection, self._person, named, sealed(key, answer.model_dump_json(by_alias=True).encode()))
            return answer

        return write


async def _repeatable(request: Request, key: Key = None) -> Repeatable:
    who = getattr(request.state, "who", None)
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    key = None if key is None else key.strip('"').lower()
    found = Repeatable(runtime_of(request), "" if who is None else who.user_id, key, digest.hexdigest())
    await run_in_threadpool(found.require_new)
    return found


Once = Annotated[Repeatable, Depends(_repeatable)]
"""Declares that a request may be sent again."""


def answered(request: Request, error: Exception) -> Response:
    """Give the answer of the first time, with its status."""
    assert isinstance(error, AnsweredError)
    status: int | None = request.scope["route"].status_code
    return Response(error.answer, status or 200, media_type="application/json")
