"""A folder of a shop system's exports, known by their official headers; or one flat file of lines."""

from collections.abc import Sequence

from pipeline.commands.mapping_proposal.columns import match_columns, samples_of
from pipeline.commands.mapping_proposal.file_reading import FoundFile
from pipeline.commands.mapping_proposal.proposal import (
    WRITTEN_FROM,
    Proposal,
    ProposedColumn,
    ProposedTable,
)
from pipeline.commands.mapping_proposal.vocabulary import ORDER_LINES
from pipeline.foundation.choices import TEMPLATES
from pipeline.foundation.config import ShopParams
from pipeline.foundation.contracts.columns import Column
from pipeline.foundation.contracts.tables import Table
from pipeline.sources.files.shops import dialect, template_exports
from pipeline.sources.files.shops.exports import Export, export_of
from pipeline.sources.files.shops.templates.order_lines import COLUMNS, REQUIRED

FLAT = "order_lines"
_CONTACTS = (
    "Do the CRM's files need e-mail and phone? They are read only with "
    "source.files.shop.contact_details: true."
)
_RULES = (
    "Do 3 price bands a category as tiers, and 365 days that a product counts as held, fit this shop? "
    "Else set source.files.shop.tiers and repurchase_days."
)
_ZONE = (
    "In which time zone are the shop's times? They bring none and are read as UTC; set "
    "source.files.shop.timezone, such as Europe/Madrid."
)


def propose_shop(files: Sequence[FoundFile]) -> Proposal | None:
    """Return the template whose required exports are all there, if any."""
    for name in TEMPLATES.names():
        exports = template_exports(name, ShopParams())
        known = {file.name: export_of(list(file.cells.columns), exports) for file in files}
        found = {export.name for export in known.values() if export is not None}
        if name == FLAT or not {export.name for export in exports if export.required} <= found:
            continue
        tables = tuple(
            ProposedTable(export.name, file.name, len(file.cells), 1.0, _columns(file, export), {})
            for file in files
            if (export := known[file.name]) is not None
        )
        moment = dialect(name, ShopParams()).moment_format
        questions = [_CONTACTS, _RULES] if "%z" in moment else [_ZONE, _CONTACTS, _RULES]
        unused = tuple(file.name for file in files if known[file.name] is None)
        shop = _shop_dialect(name, [file for file in files if known[file.name]])
        return Proposal(tables, name, shop, unused, tuple(questions))
    return None


def _columns(file: FoundFile, export: Export) -> tuple[ProposedColumn, ...]:
    found = export.found_columns(list(file.cells.columns))
    return tuple(
        ProposedColumn(name, own, 1.0, samples_of(file, own)) for name, own in found.items()
    )


def _shop_dialect(name: str, files: Sequence[FoundFile]) -> dict[str, object]:
    """Return delimiter and encoding where the files are written otherwise than the system does."""
    usual = dialect(name, ShopParams())
    text = [file for file in files if not file.is_parquet]
    found: dict[str, object] = {}
    for key in ("delimiter", "encoding"):
        values = {getattr(file, key) for file in text} - {getattr(usual, key)}
        if values:
            found[key] = min(values)
    return found


def propose_order_lines(file: FoundFile) -> Proposal | None:
    """Return one flat file as order lines, if it has what lines cannot do without."""
    columns = tuple(Column(name, type_) for name, type_ in COLUMNS.items())
    table = Table(FLAT, grain="one line of an order", key=(), columns=columns)
    matches = match_columns(file, table, ORDER_LINES)
    sure = [
        one
        for one in matches
        if one.confidence >= WRITTEN_FROM and not one.reading.is_ambiguous and one.name != "email"
    ]
    names = {one.name for one in sure}
    has_buyer = "customer_id" in names or any(one.name == "email" for one in matches)
    if not {*REQUIRED} <= names or not has_buyer or not {"price", "amount"} & names:
        return None
    shop: dict[str, object] = {
        **_flat_dialect(file),
        "columns": {one.name: one.own for one in sure},
    }
    moment = next(one for one in sure if one.name == "occurred_at").reading.formats[0]
    if moment != dialect(FLAT, ShopParams()).moment_format:
        shop["moment_format"] = moment
    if any(one.reading.decimal == "," for one in sure):
        shop["decimal"] = ","
    if "customer_id" not in names:
        email = next(one for one in matches if one.name == "email")
        shop["columns"] = {**{one.name: one.own for one in sure}, "email": email.own}
    found = tuple(
        ProposedColumn(one.name, one.own, one.confidence, samples_of(file, one.own)) for one in sure
    )
    proposed = ProposedTable(FLAT, file.name, len(file.cells), 1.0, found, {})
    doubts = [
        f"Is {one.own!r} {one.name} ({one.confidence:.2f}; {' · '.join(samples_of(file, one.own))})? "
        "If so, map it in source.files.shop.columns."
        for one in matches
        if one not in sure and one.name != "email"
    ]
    decided = any(one.reading.decimal == "," for one in sure)
    doubts += [
        f"Is a point or a comma the decimal sign of {one.own!r} ({' · '.join(samples_of(file, one.own))})? "
        "Set source.files.shop.decimal; it is read as a point."
        for one in sure
        if one.reading.is_either_decimal and not decided
    ]
    zone = [] if "%z" in moment else [_ZONE]
    return Proposal((proposed,), FLAT, shop, (), (*doubts, *zone, _CONTACTS, _RULES))


def _flat_dialect(file: FoundFile) -> dict[str, object]:
    return {} if file.is_parquet else _shop_dialect(FLAT, [file])
