"""What axe-core finds wrong with a page for people who cannot see, hear or point well."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "api/web/node_modules/axe-core/axe.min.js"
"""An npm package for developers; `build_pages.py tools` installs it, and `make test` calls that."""
GRAVE = ("serious", "critical")
IN_THE_SUN = "color-contrast-enhanced"
"""A rule that axe leaves out unless it is asked for: 7:1 instead of 4.5:1 (WCAG 2.2, 1.4.6)."""


def grave_findings(page: Page, *rules: str) -> list[str]:
    """Name each rule that the page breaks seriously as it stands, and what breaks it; `rules` are asked for besides."""
    if not SCRIPT.is_file():
        pytest.skip("axe-core: run `python build_pages.py tools` once")
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"], "rules": {rule: {"enabled": True} for rule in rules}}
    violations = page.evaluate("asked => axe.run(document, asked).then(found => found.violations)", asked)
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in violations
        if one["impact"] in GRAVE
    ]
