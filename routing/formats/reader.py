"""One door to every format: say which, or let the file's first lines say it."""

from __future__ import annotations

from pathlib import Path

from routing.errors import InvalidProblemError
from routing.formats.errors import InstanceFileError, InstanceOptionError
from routing.formats.instance import Format, Instance, Rounding
from routing.formats.jd_vrpspdtw import read_jd_vrpspdtw
from routing.formats.li_lim import read_li_lim
from routing.formats.lines import read_text
from routing.formats.sartori_buriol import read_sartori_buriol
from routing.formats.solomon import read_solomon
from routing.formats.vroom_json import read_vroom
from routing.formats.wang_chen import read_wang_chen

AUTO = "auto"

PLANAR = {
    Format.SOLOMON: read_solomon,
    Format.WANG_CHEN: read_wang_chen,
    Format.LI_LIM: read_li_lim,
}
"""Places on a plane: the rounding of their distances is a choice."""

GIVEN = {
    Format.SARTORI_BURIOL: read_sartori_buriol,
    Format.JD_VRPSPDTW: read_jd_vrpspdtw,
    Format.VROOM: read_vroom,
}
"""Travel is given in the file."""


def read_instance(path: Path | str, format: str = AUTO, *, rounding: Rounding = Rounding.EXACT) -> Instance:  # noqa: A002
    """
    Read a file of an instance, gzipped or not.

    Parameters
    ----------
    format
        A name of `Format`, or "auto".
    rounding
        How lengths on a plane are counted.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    InstanceFileError
        When the file is broken, in no known format, or asks for what the model does not have.
    InstanceOptionError
        When `format` names none, or `rounding` is chosen for a file that gives its own distances.
    """
    if format != AUTO and format not in list(Format):
        raise InstanceOptionError(f"format must be {AUTO}, {', '.join(Format)}; got {format!r}")
    path = Path(path)
    text = read_text(path)
    kind = detect(path.name, text) if format == AUTO else Format(format)
    if kind in GIVEN and rounding is not Rounding.EXACT:
        raise InstanceOptionError(f"rounding {rounding} is for distances on a plane; a {kind} file gives its own")
    try:
        return PLANAR[kind](path.name, text, rounding) if kind in PLANAR else GIVEN[kind](path.name, text)
    except InstanceFileError:
        raise
    except InvalidProblemError as error:
        raise InstanceFileError(path.name, None, str(error)) from error


def detect(file: str, text: str) -> Format:
    """
    Tell a format by how a file begins.

    Raises
    ------
    InstanceFileError
        When it begins like none of them.
    """
    if text.lstrip().startswith("{"):
        return Format.VROOM
    head = [line.split() for line in text.splitlines()[:40] if line.strip()]
    words = {word.upper() for line in head for word in line[:3]}
    columns = {word.upper() for line in head for word in line}
    if "NODE_SECTION" in words:
        return Format.JD_VRPSPDTW
    if "NODES" in words:
        return Format.SARTORI_BURIOL
    if "PDEMAND" in columns:
        return Format.WANG_CHEN
    if {"VEHICLE", "CUST"} <= words:
        return Format.SOLOMON
    if len(head[0]) == 3 and all(word.lstrip("-").isdigit() for word in head[0]):
        return Format.LI_LIM
    raise InstanceFileError(file, 1, f"the file begins like none of the known formats: {', '.join(Format)}")
