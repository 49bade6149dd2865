"""`duongthu ledger`: verify an exported ledger or a receipt, and be a witness of its heads."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.migrate import SettingsFile
from api.targets import require_folder, require_target, whole_file

if TYPE_CHECKING:
    from api.custody.notes import VerifierKey

ledger_app = typer.Typer(help="Sổ cái / Ledger: prove what was recorded, with no database.", no_args_is_help=True)

Export = Annotated[Path, typer.Argument(metavar="LEDGER", help="Exported ledger, .jsonl.")]
KeyText = Annotated[str | None, typer.Option("--key", help="The ledger's public key, name+id+base64, or a file of it.")]
NeededKeyText = Annotated[str, typer.Option("--key", help="The ledger's public key, name+id+base64, or a file of it.")]
Out = Annotated[Path, typer.Option("--out", help="File to write.")]


@ledger_app.callback()
def _ledger() -> None:
    """Sổ cái / Ledger: prove what was recorded, with no database."""


@ledger_app.command("verify")
def verify_command(
    ledger: Export,
    head: Annotated[Path | None, typer.Option("--head", help="Signed head that a witness saw.")] = None,
    key: KeyText = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Kiểm tra sổ cái đã xuất / Verify an exported ledger from its first byte to its last.

    Without --head it is only proved not to contradict itself; without --key no signature is checked. Both are said.
    Ends with exit code 6 and the number of the record when anything is wrong.
    """
    from api.custody.checkpoint import parse_head
    from api.custody.verifying import verify_export

    voice = Voice(language(lang), as_json)
    public = _key(key)
    seen = None if head is None else parse_head(_text(head), public)
    with voice.stage("Kiểm tra sổ cái", "Verifying the ledger"), ledger.open("rb") as file:
        found = verify_export(file, seen, public)
    voice.say(
        f"Sổ cái {found.origin}: {voice.number(found.size)} bản ghi, không sai chỗ nào.",
        f"Ledger {found.origin}: {voice.number(found.size)} records, nothing wrong.",
    )
    _warn_unproved(voice, found.proved, found.size, is_signed=public is not None)
    voice.result(
        {
            "origin": found.origin,
            "records": found.size,
            "root": found.root.hex(),
            "proved": found.proved,
            "heads": len(found.heads),
            "signatures_checked": public is not None,
        }
    )


def _warn_unproved(voice: Voice, proved: int | None, size: int, *, is_signed: bool) -> None:
    if proved is None:
        voice.note(
            "CHƯA so với đầu sổ nào đã chứng kiến (--head): người giữ sổ có thể đã viết lại toàn bộ.",
            "NOT compared with any witnessed head (--head): whoever keeps the ledger may have rewritten all of it.",
        )
    elif proved < size:
        voice.note(
            f"Đầu sổ chỉ chứng minh {proved} bản ghi đầu; {size - proved} bản ghi sau chưa được chứng kiến.",
            f"The head proves the first {proved} records only; the {size - proved} after them are not witnessed.",
        )
    if not is_signed:
        voice.note("CHƯA kiểm tra chữ ký (--key).", "Signatures were NOT checked (--key).")


@ledger_app.command("export")
def export_command(out: Out, settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = DEFAULT_LANG) -> None:
    """
    Xuất sổ cái / Write the whole ledger and its signed heads to a file, while the service runs.

    Nothing personal is in it; anybody may verify it with `duongthu ledger verify`.
    """
    from api.custody.exported import write_export
    from api.custody.ledger_store import contents, heads, ledger_size, origin_of
    from api.db.engine import Database
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    require_target(out, ())
    database = Database(read_service_settings(settings).database)
    try:
        with database.read() as connection, whole_file(out) as file:
            size = write_export(
                file, origin_of(connection), contents(connection, ledger_size(connection)), heads(connection)
            )
    finally:
        database.close()
    voice.say(f"Đã ghi {voice.number(size)} bản ghi vào {out}.", f"Wrote {voice.number(size)} records to {out}.")
    voice.result({"out": str(out), "records": size})


@ledger_app.command("receipt")
def receipt_command(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="A citizen's receipt, .html.")],
    key: KeyText = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Kiểm tra biên nhận / Verify a citizen's receipt, the same steps as the page itself.

    Without --key the key inside is believed, and said so. Ends with exit code 6 when a step does not hold.
    """
    from api.custody.receipt import read_receipt, verify_receipt

    voice = Voice(language(lang), as_json)
    held, public = read_receipt(_text(receipt)), _key(key)
    found = verify_receipt(held, public)
    for event in held.events:
        said = f"  {event.shown.at}  {event.shown.type}  {event.shown.site_id}"
        is_held = event.content is None
        voice.say(
            said + ("  (nội dung được giữ lại, theo lời bưu điện)" if is_held else ""),
            said + ("  (held back: as the post tells it)" if is_held else ""),
        )
    voice.say(
        f"{held.code}: {len(held.events)} sự kiện đều có trong sổ cái {found.head.origin}.",
        f"{held.code}: all {len(held.events)} events are in the ledger {found.head.origin}.",
    )
    for name, at in found.seen:
        seen = datetime.fromtimestamp(at, UTC).isoformat()
        voice.say(f"{name} đã chứng kiến lúc {seen}.", f"Witnessed by {name} at {seen}.")
    if public is None:
        voice.note(
            f"Hãy so khóa này với khóa niêm yết tại bưu cục: {held.log.text}",
            f"Compare this key with the one posted at the post office: {held.log.text}",
        )
    voice.result(
        {
            "code": held.code,
            "events": len(held.events),
            "origin": found.head.origin,
            "witnesses": [name for name, _ in found.seen],
            "key": held.log.text,
            "key_checked": public is not None,
        }
    )


@ledger_app.command("key")
def key_command(
    name: Annotated[str, typer.Argument(help="Of the signer; for a ledger its origin.")],
    out: Out,
    witness: Annotated[bool, typer.Option("--witness", help="A key to cosign heads with.")] = False,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Tạo khóa ký / Make a signing key; shows its public half, writes the private one for its owner only."""
    from api.custody.notes import Algorithm, SigningKey, is_name
    from api.errors import ExistsError

    voice = Voice(language(lang), as_json)
    if not is_name(name):
        raise typer.BadParameter(voice.text("không có dấu cách hay +", "no space and no +"), param_hint="NAME")
    require_folder(out)
    made = SigningKey.generate(name, Algorithm.COSIGNATURE if witness else Algorithm.PLAIN)
    try:
        made.save(out)
    except FileExistsError:
        raise ExistsError(f"Đã có {out}; khóa không bao giờ bị ghi đè.", f"{out} exists; keys stay.") from None
    voice.say(made.verifier.text, made.verifier.text)
    voice.result({"key": made.verifier.text, "out": str(out)})


@ledger_app.command("request")
def request_command(
    ledger: Export,
    key: NeededKeyText,
    out: Out,
    old: Annotated[int, typer.Option("--old", min=0, help="Records in the head that the witness saw last.")] = 0,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Lập yêu cầu chứng kiến / Ask a witness to sign the last head of an exported ledger, with the proof for it."""
    from api.custody.verifying import verify_export
    from api.custody.witness import prove_growth
    from api.errors import NotFoundError

    voice = Voice(language(lang), as_json)
    require_target(out, (ledger,))
    leaves: list[bytes] = []
    with voice.stage("Kiểm tra sổ cái", "Verifying the ledger"), ledger.open("rb") as file:
        found = verify_export(file, key=_key(key), on_leaf=leaves.append)
    if not found.heads:
        raise NotFoundError(f"{ledger} không có đầu sổ.", f"There is no signed head in {ledger}.")
    try:
        request = prove_growth(leaves, old, found.heads[-1])
    except ValueError:
        said = voice.text("lớn hơn đầu sổ cuối", "larger than the last head")
        raise typer.BadParameter(said, param_hint="--old") from None
    _write(voice, out, request.write())


@ledger_app.command("witness")
def witness_command(
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="As `duongthu ledger request` writes it.")],
    key: NeededKeyText,
    signing_key: Annotated[Path, typer.Option("--signing-key", help="The witness's own, of `ledger key --witness`.")],
    memory: Annotated[Path, typer.Option("--memory", help="File in which the witness keeps the last head it signed.")],
    out: Out,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Chứng kiến đầu sổ / Cosign a ledger's head, if the ledger only grew since the last one.

    Ends with exit code 6, and signs nothing, when it shrank or was rewritten.
    """
    from api.custody.notes import Algorithm, SigningKey
    from api.custody.witness import Witness, read_request

    voice = Voice(language(lang), as_json)
    require_target(out, (request, signing_key, memory))
    require_folder(memory)
    own, log = SigningKey.load(signing_key), _key(key)
    assert log is not None
    if own.algorithm is not Algorithm.COSIGNATURE:
        said = voice.text("không phải khóa chứng kiến", "not a witness's key")
        raise typer.BadParameter(said, param_hint="--signing-key")
    signed = Witness(own, log, memory).cosign(read_request(_text(request)), int(time.time()))
    _write(voice, out, signed.write())


def _write(voice: Voice, out: Path, text: str) -> None:
    with whole_file(out) as target:
        target.write(text.encode())
    voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    voice.result({"out": str(out)})


def _key(given: str | None) -> VerifierKey | None:
    """A public key as it stands, or from a file that holds it."""
    from api.custody.notes import VerifierKey

    if given is None:
        return None
    return VerifierKey.parse(_text(Path(given)) if "+" not in given else given)


def _text(path: Path) -> str:
    """
    A small text file, its line ends as they are.

    Raises
    ------
    BrokenLedgerError
        When it is no UTF-8.
    """
    from api.custody.broken import BrokenLedgerError

    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise BrokenLedgerError(f"{path} không phải văn bản UTF-8.", f"{path} is no UTF-8 text.") from None
