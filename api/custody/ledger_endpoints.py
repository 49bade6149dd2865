"""The ledger for witnesses, auditors and citizens' receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from api.auth.access import allow, anyone
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.custody.exported import write_export
from api.custody.history_store import require_seen
from api.custody.ledger_store import (
    StoredHashes,
    contents,
    contents_of,
    head_is_due,
    heads,
    ledger_size,
    newest_head,
    sign_head,
)
from api.custody.notes import Note, to_base64
from api.custody.receipt import make_receipt, receipt_html
from api.custody.schemas import Proof
from api.custody.tree import consistency_proof, inclusion_proof
from api.errors import NotFoundError
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"])
Auditor = Annotated[Who, allow(Role.AUDITOR, Role.ADMIN)]
Printer = Annotated[Who, allow(Role.DESK, Role.DISPATCHER, Role.AUDITOR)]
Size = Annotated[int, Query(ge=0, le=2**53, examples=[2_000])]

HEAD_EVERY = timedelta(minutes=1)
"""At least between two signed heads, unless a receipt needs one."""
CHUNK = 1 << 20


@router.get("/checkpoint", dependencies=[anyone()], response_class=PlainTextResponse)
def read_checkpoint(request: Request) -> str:
    """The signed head, a C2SP checkpoint; a new one a minute while the ledger grows."""
    return _head(runtime_of(request), HEAD_EVERY).write()


@router.get("/key", dependencies=[anyone()], response_class=PlainTextResponse)
def read_key(request: Request) -> str:
    """The public key that signs heads, as `duongthu ledger verify --key` takes it."""
    return runtime_of(request).ledger_key.verifier.text


@router.get("/proof/inclusion", dependencies=[anyone()])
def read_inclusion(request: Request, index: Size, size: Size) -> Proof:
    """Prove that record `index` is among the first `size` (RFC 6962 §2.1.1)."""
    with runtime_of(request).database.read() as connection:
        if not index < size <= _proved(connection):
            raise _beyond(size)
        path = inclusion_proof(StoredHashes(connection), index, size)
    return Proof(hashes=[to_base64(step) for step in path])


@router.get("/proof/consistency", dependencies=[anyone()])
def read_consistency(request: Request, old: Size, size: Size) -> Proof:
    """Prove that the first `size` records begin with the first `old` (RFC 6962 §2.1.2)."""
    with runtime_of(request).database.read() as connection:
        if not old <= size <= _proved(connection):
            raise _beyond(size)
        path = consistency_proof(StoredHashes(connection), old, size)
    return Proof(hashes=[to_base64(step) for step in path])


@router.get("/export", response_class=StreamingResponse, responses={200: {"content": {"application/jsonl": {}}}})
def read_export(_who: Auditor, request: Request) -> StreamingResponse:
    """The whole ledger and its heads as one file, for `duongthu ledger verify`; nothing personal is in it."""
    runtime = runtime_of(request)
    file = TemporaryFile()  # noqa: SIM115 - closed once it is sent
    with runtime.database.read() as connection:
        write_export(file, runtime.intake.origin, contents(connection, ledger_size(connection)), heads(connection))
    file.seek(0)

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(CHUNK):
                yield chunk

    disposition = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    return StreamingResponse(chunks(), media_type="application/jsonl", headers=disposition)


@router.get("/receipts/{code}", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def read_receipt(code: str, who: Printer, request: Request) -> Response:
    """A citizen's receipt: one page that proves each event of a shipment with no server."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        require_seen(connection, who, own_province(who), code)
    page = receipt_page(runtime, own_province(who), code)
    disposition = {"Content-Disposition": f'attachment; filename="{code.replace("/", "-")}.html"'}
    return Response(page, media_type="text/html; charset=utf-8", headers=disposition)


def receipt_page(runtime: Runtime, province_id: str, code: str) -> str:
    """Write a receipt under a head that covers everything; the shipment has to have events."""
    head = _head(runtime, timedelta(0))
    with runtime.database.read() as connection:
        hashes, size = StoredHashes(connection), int(head.text.split("\n")[1])
        found = contents_of(connection, province_id, code, size)
        return receipt_html(make_receipt(code, found, hashes, head, runtime.ledger_key.verifier))


def _head(runtime: Runtime, every: timedelta) -> Note:
    now = datetime.now(UTC)
    with runtime.database.read() as connection:
        is_due, head = head_is_due(connection, now - every), newest_head(connection)
    if is_due or head is None:
        return runtime.writer.write_now(lambda connection: sign_head(connection, runtime.ledger_key, now))
    return head


def _proved(connection: Any) -> int:
    head = newest_head(connection)
    return 0 if head is None else int(head.text.split("\n")[1])


def _beyond(size: int) -> NotFoundError:
    return NotFoundError(
        f"Chưa có đầu sổ đã ký với {size} bản ghi, hoặc số thứ tự không hợp lệ.",
        f"There is no signed head of {size} records, or the numbers do not fit it.",
    )
