"""Units, containers, proxies and documents fit one another and the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from build_bundle import OPERATIONS, ROOT

FOLDER = ROOT / OPERATIONS
DOCUMENTS = (ROOT / "docs/operations.md", ROOT / "docs/van-hanh.md")
UNITS = ("duongthu.service", "duongthu-backup.service", "duongthu-backup.timer")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_every_line(unit: str, tmp_path: Path) -> None:
    program = tmp_path / "duongthu"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        text = text.replace("/opt/duongthu/current/venv/bin/duongthu", str(program))
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_service_is_little_exposed() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(FOLDER / "duongthu.service")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    level = re.search(r"exposure level for duongthu.service: ([0-9.]+)", done.stdout)
    assert level is not None, done.stderr
    assert float(level[1]) <= 2.0


def test_no_secret_stands_in_any_file() -> None:
    secret = re.compile(r"(?i)(password|token|secret)\w* *[:=] *[\"']?\w{6,}")
    for file in FOLDER.iterdir():
        if file.is_file():
            assert secret.search(file.read_text(encoding="utf-8")) is None, file


def test_everybody_uses_the_same_port_and_name() -> None:
    settings = tomllib.loads((FOLDER / "settings.toml").read_text(encoding="utf-8"))
    name = settings["public_url"].removeprefix("https://")
    assert name in settings["allowed_hosts"]
    for proxy in ("Caddyfile", "nginx.conf"):
        text = (FOLDER / proxy).read_text(encoding="utf-8")
        assert f"127.0.0.1:{settings['port']}" in text
        assert name in text
    assert f'"127.0.0.1:{settings["port"]}:{settings["port"]}"' in (FOLDER / "compose.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_files_that_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"operations/([\w.-]+\.(?:sh|toml|yaml|conf)|Caddyfile|Dockerfile)", text))
    assert named >= {"make_ca.sh", "Caddyfile", "nginx.conf", "settings.toml"}
    assert all((FOLDER / name).is_file() for name in named)
    assert all((document.parent / link).is_file() for link in re.findall(r"\]\(([\w./-]+)\)", text))


def test_both_documents_give_the_same_commands() -> None:
    """What is typed does not depend on the language; words after `#` do."""
    english, vietnamese = (_commands(document.read_text(encoding="utf-8")) for document in DOCUMENTS)
    assert vietnamese == english


def _commands(text: str) -> set[str]:
    blocks = re.findall(r"^```\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = {line.split("#")[0].strip() for block in blocks for line in block.splitlines()}
    return {line for line in lines if re.match(r"(sudo|duongthu|docker|sha256sum|tar|\./|/opt)[ /\w]", line)}
