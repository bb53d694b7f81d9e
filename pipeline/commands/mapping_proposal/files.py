"""Which file of a folder is which table: each file one, each table of one file, the surest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.commands.mapping_proposal.columns import MatchedColumn, match_columns
from pipeline.commands.mapping_proposal.file_reading import FoundFile
from pipeline.commands.mapping_proposal.vocabulary import NAMES, plain_word
from pipeline.foundation.contracts.tables import Table

LEAST = 0.45
"""The confidence below which a file is no table at all."""

FILE_NAMES: Mapping[str, str] = {
    "customers": "customer client cliente kunde user member account socio abonado",
    "products": "product producto produto produit produkt artic artik catalog tarifa item",
    "product_events": "event order pedido sale venta venda purchase compra movimiento transac "
    "invoice factura commande bestell contrat achat",
    "interactions": "interaction contact contacto visit touch ticket session navega",
    "surveys": "survey encuesta nps pesquisa umfrage enquete",
    "messages": "message mensaje campaign campana email send envio mailing",
    "consents": "consent permiso optin einwilligung",
}


@dataclass(frozen=True)
class MatchedFile:
    """A file as a table, with the columns found in it."""

    file: FoundFile
    table: Table
    confidence: float
    columns: tuple[MatchedColumn, ...]


def match_files(files: Sequence[FoundFile], contract: Mapping[str, Table]) -> list[MatchedFile]:
    """Return the likeliest table of each file, in the order of the contract."""
    matches = [
        _match(file, table) for file in files for table in contract.values() if table.name in NAMES
    ]
    chosen: dict[str, MatchedFile] = {}
    used: set[str] = set()
    for match in sorted(matches, key=lambda one: (-one.confidence, one.table.name, one.file.name)):
        is_free = match.table.name not in chosen and match.file.name not in used
        if match.confidence >= LEAST and is_free:
            chosen[match.table.name] = match
            used.add(match.file.name)
    return [chosen[name] for name in contract if name in chosen]


def _match(file: FoundFile, table: Table) -> MatchedFile:
    columns = match_columns(file, table, NAMES[table.name])
    sure = {column.name: column.confidence for column in columns}
    required = [column.name for column in table.columns if column.required]
    share_required = sum(sure.get(name, 0) for name in required) / len(required)
    share_matched = sum(sure.values()) / max(len(file.cells.columns), 1)
    stem = plain_word(file.title)
    is_named = any(word in stem for word in FILE_NAMES[table.name].split())
    confidence = 0.6 * share_required + 0.2 * min(share_matched, 1) + 0.2 * is_named
    return MatchedFile(file, table, confidence, columns)
