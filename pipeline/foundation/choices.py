"""What the parameters choose by name among the modules of a folder: the folder is the registry.

Nothing is imported to tell the names, so that they can be checked before the first stage.
"""

import pkgutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.foundation.errors import unknown_name

_PIPELINE = Path(__file__).parents[1]
_APART = "base"
"""The module that says what the others are."""


@dataclass(frozen=True)
class Choice:
    """One parameter and the folder of what it may name."""

    parameter: str
    folder: str
    """Below `pipeline/`."""

    def names(self) -> list[str]:
        """Return the names that would do, in order."""
        modules = pkgutil.iter_modules([str(_PIPELINE / self.folder)])
        return sorted(module.name for module in modules if module.name != _APART)

    def check(self, name: str) -> None:
        """Refuse a name that no module has.

        Raises:
            ConfigurationError: with the names that would do.
        """
        names = self.names()
        if name not in names:
            remedy = (
                f"Correct {self.parameter} in params.yaml, or add pipeline/{self.folder}/{name}."
            )
            raise unknown_name(f"in {self.parameter}", name, names, remedy)


SOURCES = Choice("source.name", "sources")
TEMPLATES = Choice("source.files.template", "sources/files/shops/templates")
ENGINES = Choice("engine.name", "foundation/engines")
FAMILIES = Choice("features.families", "features/families")
PROFILES = Choice("exports.profiles", "exports/profiles")
