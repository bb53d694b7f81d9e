"""What a company must know of the licences of what a run installs stands in docs/security.md."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from tests.workspace import ROOT

COPYLEFT = re.compile(r"GPL|MPL|EPL|Mozilla|General Public|Eclipse")
PERMISSIVE = re.compile(r"MIT|BSD|Apache|PSF|Python Software|ZPL|Zope")


def test_every_package_is_permissive_or_named_with_its_licence() -> None:
    told = _told(ROOT / "docs/security.md")
    licences = {name: _licence(found) for name, found in _locked(ROOT / "requirements.lock")}
    assert len(licences) > 100
    expected = {
        name
        for name, licence in licences.items()
        if COPYLEFT.search(licence) or not PERMISSIVE.search(licence)
    }
    assert set(told) == expected


def _locked(lock: Path) -> list[tuple[str, PackageMetadata]]:
    """Return the packages that are installed here; some are another system's only."""
    found = []
    for name in re.findall(r"^([a-z0-9-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            found.append((name, distribution(name).metadata))
        except PackageNotFoundError:
            continue
    return found


def _licence(package: PackageMetadata) -> str:
    """Return all that a package says of its licence, in either of the ways there are."""
    classifiers = [one for one in package.get_all("Classifier", []) if one.startswith("License")]
    lines = [text.split("\n")[0] for text in package.get_all("License", [])]
    return "; ".join([*package.get_all("License-Expression", []), *lines, *classifiers])


def _told(page: Path) -> list[str]:
    """Return the packages in the table of the chapter on licences."""
    _, _, chapter = page.read_text(encoding="utf-8").partition("## Licences")
    return re.findall(r"^\| `([a-z0-9-]+)` \|", chapter, re.MULTILINE)
