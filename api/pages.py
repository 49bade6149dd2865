"""The built pages over HTTP: names with a hash are kept for a year, HTML is asked for anew each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import NotFoundError

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""A page loads from this origin only; MapLibre wants its worker and images made in the page."""

SCANS = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The courier's page reads codes with WebAssembly where the browser cannot; scripts stay as they are (CSP 3)."""


def with_tiles(policy: str, origins: Sequence[str]) -> str:
    """The policy of a deployment whose map has tiles of other origins under it: pictures and data, never scripts."""
    allowed = "".join(f" {origin}" for origin in origins)
    return policy.replace("img-src 'self'", f"img-src 'self'{allowed}").replace(
        "connect-src 'self'", f"connect-src 'self'{allowed}"
    )


HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

NAMES = {"courier": "courier.html", "desk": "desk.html", "planner": "planner.html", "track": "track.html"}
"""The file of a page by the first part of its address; `/track/CODE` is one page for every code."""


def _file_of(path: str) -> str:
    """The file behind an address; the code in `track/CODE` is for the page to read."""
    first, _, rest = path.partition("/")
    return NAMES[first] if first in NAMES and (not rest or first == "track") else path


def require_pages(folder: Path) -> None:
    """
    Make sure that the pages have been built.

    Raises
    ------
    NotFoundError
        When they have not.
    """
    if not (folder / "index.html").is_file():
        raise NotFoundError(
            f"Chưa có các trang giao diện trong {folder}. Hãy chạy: python build_pages.py",
            f"The browser pages are not in {folder}. Run: python build_pages.py",
        )


class Pages(StaticFiles):
    """The folder of built pages; raises as `require_pages` does."""

    def __init__(self, folder: Path) -> None:
        require_pages(folder)
        super().__init__(directory=folder, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(_file_of(path), scope)
        hashed = path.startswith("assets/") and response.status_code < 400
        if path == "courier":
            response.headers["Content-Security-Policy"] = SCANS
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


ALWAYS_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""RFC 6797: a year; only said by a service that is reached by https."""
NEVER_KEPT = {"Cache-Control": "no-store"}
"""Of the API: tokens and what is personal stay in no cache."""


class SecurityHeaders:
    """Adds `HEADERS` to every answer, and to those of the API that nobody keeps them."""

    def __init__(self, app: ASGIApp, *, https: bool = False, tiles: Sequence[str] = ()) -> None:
        self.app = app
        policy = {"Content-Security-Policy": with_tiles(POLICY, tiles)}
        headers = HEADERS | policy | (ALWAYS_HTTPS if https else {})
        self._of_pages, self._of_api = _raw(headers), _raw(headers | NEVER_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = self._of_api if scope.get("path", "").startswith("/api/") else self._of_pages

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                there = {name for name, _ in given}
                message["headers"] = given + [pair for pair in wanted if pair[0] not in there]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    """As ASGI has them; written once, for they go with every answer."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())
