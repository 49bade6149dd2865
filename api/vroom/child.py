"""
One search in a process of its own, which is killed when it takes too long.

The child is a fresh interpreter: it shares neither locks nor memory with the server, and whatever a request does to it
ends with it. Request and answer go through its standard input and output.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any

from api.vroom.solving import VroomCode, solve_vroom, vroom_error

logger = logging.getLogger(__name__)


async def solve_in_child(body: bytes, *, seconds: float, deadline: float) -> dict[str, Any]:
    """
    Solve a request in a child process.

    Parameters
    ----------
    body
        JSON of the request.
    seconds
        Of search.
    deadline
        Seconds until the child is killed, start and reading included.

    Returns
    -------
    answer
        VROOM's answer; `{code: 1, error}` when the child was killed or died.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api.vroom.child", str(seconds),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, complaint = await asyncio.wait_for(child.communicate(body), deadline)
    except TimeoutError:
        return vroom_error(VroomCode.INTERNAL, f"no answer within {deadline:g} s")
    finally:  # also when the client has gone away
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        logger.error(
            "a VROOM search ended with %d: %s", child.returncode, complaint.decode(errors="replace"),
            extra={"action": "vroom"},
        )  # fmt: skip
        return vroom_error(VroomCode.INTERNAL, "the search failed; the server's log says why")
    answer: dict[str, Any] = json.loads(out)
    return answer


def answered(body: bytes, seconds: float) -> dict[str, Any]:
    """What the child answers to a request's JSON."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        return vroom_error(VroomCode.INPUT, f"not JSON: {error}")
    return solve_vroom(payload, seconds=seconds)


def main() -> None:
    """Read a request, write an answer."""
    answer = answered(sys.stdin.buffer.read(), float(sys.argv[1]))
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
