"""Where runs are recorded: a file of this project, or the server a team has."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

STORE_FILE, ARTIFACTS = "mlflow.db", "artifacts"


@dataclass(frozen=True)
class Location:
    """A tracking store."""

    uri: str
    artifacts: str | None
    """Where a new experiment keeps its files; a server decides for itself."""

    @property
    def is_local(self) -> bool:
        """Say whether the store is this project's own file."""
        return self.artifacts is not None

    @property
    def is_served(self) -> bool:
        """Say whether a server stands before the store, with a UI of its own."""
        return self.uri.startswith(("http://", "https://", "databricks"))


def local_store(folder: Path) -> Location:
    """Return the store in a folder; absolute, since DVC also runs stages in copies of the project.

    The path is quoted: `%`, `?` and `#` have a meaning in a URI, and a folder may bear them.
    """
    absolute = folder.resolve()
    store = quote((absolute / STORE_FILE).as_posix())
    return Location(f"sqlite:///{store}", (absolute / ARTIFACTS).as_uri())


def locate(folder: Path, server: str | None) -> Location:
    """Return the server that `MLFLOW_TRACKING_URI` names, or else the store in a folder."""
    return Location(server, None) if server else local_store(folder)
