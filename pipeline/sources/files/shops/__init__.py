"""A shop system's exports as they come, by `source.files.template`.

A template is a module of the folder `templates` with `EXPORTS`, the kinds of file that it reads,
`DIALECT`, how the system writes them, and `translate`, which makes a `Shop` of them.
"""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from pipeline.foundation.choices import TEMPLATES
from pipeline.foundation.config import FileMapping, FilesParams, ShopParams
from pipeline.foundation.contracts.tables import Table
from pipeline.sources.base import RawData
from pipeline.sources.files.shops import templates
from pipeline.sources.files.shops.export_reading import read_exports
from pipeline.sources.files.shops.exports import Export
from pipeline.sources.files.shops.tables import build_tables


def template_exports(name: str, params: ShopParams) -> Sequence[Export]:
    """Return the kinds of file that a template reads."""
    exports: Sequence[Export] = _module(name).exports(params)
    return exports


def read_shop(params: FilesParams, name: str, contract: Mapping[str, Table]) -> RawData:
    """Read a shop's exports as tables of the contract.

    Raises:
        ConfigurationError: no such template.
        DataError: an export is missing, or cannot be read.
    """
    TEMPLATES.check(name)
    found = read_exports(
        Path(params.folder), template_exports(name, params.shop), dialect(name, params.shop)
    )
    shop = _module(name).translate(found.frames, params.shop)
    made = build_tables(shop, params.shop, contract)
    notes = "".join(f" {note}." for note in made.notes)
    return RawData(
        made.tables,
        f"Exports of the template {name} in {params.folder}: {', '.join(found.files)}.{notes}",
    )


def dialect(name: str, params: ShopParams) -> FileMapping:
    """Return how the template's files are written, but for what the parameters say."""
    own: FileMapping = _module(name).DIALECT
    said = {key: getattr(params, key) for key in ("delimiter", "encoding", "moment_format")}
    changed = {key: value for key, value in said.items() if value is not None}
    return own.model_copy(
        update={**changed, "decimal": params.decimal, "timezone": params.timezone}
    )


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{templates.__name__}.{name}")
