"""A real browser without a window, for tests of what a page computes and how it is laid out."""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FOUND = re.compile(r'<pre id="found">(.*?)</pre>', re.DOTALL)
REQUIRED = "PROPENSITY_BROWSER_TESTS"
"""`required` lets a missing browser fail the test, `off` skips it; .ci/run sets one of the two."""


def find_browser() -> str:
    wanted = os.environ.get(REQUIRED)
    found = next((path for path in map(shutil.which, _NAMES) if path and wanted != "off"), None)
    if found is None and wanted == "required":
        pytest.fail("a browser on the path (chromium); install the system's package chromium")
    if found is None:
        pytest.skip("no browser on the path: install chromium to test what the planner computes")
    return found


def ask(page: str, script: str, folder: Path, *, width: int = 1280) -> Any:
    """Open a page, run a script that calls `tell(value)`, and return the value."""
    told = (
        '<pre id="found"></pre><script>function tell(value) '
        '{ document.getElementById("found").textContent = JSON.stringify(value); }\n'
        f"{script}</script></body>"
    )
    file = folder / "page.html"
    file.write_text(page.replace("</body>", told), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900"]
    dom = subprocess.run(
        [find_browser(), *flags, f"--user-data-dir={folder}/profile", "--dump-dom", file.as_uri()],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    ).stdout
    found = _FOUND.search(dom)
    assert found, dom[:2000]
    return json.loads(html.unescape(found.group(1)))
