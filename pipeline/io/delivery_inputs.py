"""Where the delivery packages find what other stages wrote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.exports.completed_offers import empty_unsent
from pipeline.exports.contacts import contact_details
from pipeline.exports.delivery_tables import DeliveryInputs
from pipeline.exports.manifest import SAID_OF_WAVE
from pipeline.exports.profile import SourceTable
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.hand_overs.package_manifest import ManifestModel
from pipeline.foundation.contracts.hand_overs.populations import Populations
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.saved_model import SavedModelFile
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.contracts.outputs import (
    KNOWN_CUSTOMERS,
    NEXT_BEST_OFFERS,
    PRODUCT_ASSOCIATIONS,
    PRODUCT_LISTS,
    PROPENSITIES,
    SEGMENTS,
    Output,
    check,
)
from pipeline.io.documents import read_document

_SCORES = paths.table(paths.SCORES, "propensities")
_OFFERS = paths.table(paths.OFFERS, "next_best_offers")
# Texts that stand in many of the longest tables' rows: in memory each of them is kept once.
_REPEATED = ("model", "category", "model_version", "list", "product_id")


_SAID = ("arm", "effect_origin", "suppression_reason")


def _read_champion(source: str, model: str) -> SavedModelFile:
    return read_document(paths.champion(source, model) / "model.json", SavedModelFile)


def read_manifest_models(source: str, models: tuple[str, ...]) -> dict[str, ManifestModel]:
    """Return who scores for each model, by the verdict that made the champion."""
    asked = read_document(paths.CANDIDATES, Populations).models
    verdicts = {
        model: read_document(paths.champion(source, model) / "verdict.json", PromotionVerdict)
        for model in models
    }
    return {
        model: ManifestModel(
            version=verdict.champion.version,
            scored_by=verdict.scored_by,
            in_words=verdict.in_words,
            left_out=asked[model].left_out,
            pooled=asked[model].pooled,
            not_scored=_read_champion(source, model).never_seen(asked[model].candidates),
        )
        for model, verdict in verdicts.items()
    }


@dataclass(frozen=True)
class CustomerRange:
    """Customers by their ids: above one, up to another one; everybody without either."""

    ids: pa.ChunkedArray
    """Of the valid customers among them."""
    above: str | None = None
    up_to: str | None = None

    def read(
        self,
        path: Path,
        columns: Sequence[str] | None = None,
        also: Sequence[tuple[str, str, object]] = (),
        repeated: Sequence[str] = (),
    ) -> pa.Table:
        """Return their rows of a table; hardly more is read of one that is sorted by customer."""
        bounds = [("customer_id", ">", self.above), ("customer_id", "<=", self.up_to)]
        wanted = [*also, *(one for one in bounds if one[2] is not None)]
        return stored_tables.read_table(
            path, columns=columns, filters=wanted or None, read_dictionary=repeated
        )


def everybody() -> CustomerRange:
    """Return all valid customers."""
    customers = paths.table(paths.VALIDATED, "customers")
    return CustomerRange(
        stored_tables.read_table(customers, columns=["customer_id"])["customer_id"]
    )


def parts_of(everyone: CustomerRange, customers: int) -> Iterator[CustomerRange]:
    """Yield so many customers at a time, in the order of their ids; at least once."""
    # `string` counts 2 GB of text: some sixty million ids of 36 characters are more.
    ids = everyone.ids.cast(pa.large_string()).combine_chunks().sort()
    above = None
    for start in range(0, max(len(ids), 1), customers):
        is_last = start + customers >= len(ids)
        up_to = None if is_last else ids[start + customers - 1].as_py()
        theirs = ids[start : start + customers].cast(pa.string())
        yield CustomerRange(pa.chunked_array([theirs]), above, up_to)
        above = up_to


def check_inputs() -> None:
    """Refuse what another stage wrote in another form than its contract's."""
    for path, contract in (
        (paths.SEGMENTS, SEGMENTS),
        (paths.KNOWN_CUSTOMERS, KNOWN_CUSTOMERS),
        (_SCORES, PROPENSITIES),
        (_OFFERS, NEXT_BEST_OFFERS),
        *_recommendations().values(),
    ):
        check(path, contract)


def read_delivery_inputs(
    among: CustomerRange,
    as_of_date: date,
    models: Mapping[str, ManifestModel],
    *,
    with_contacts: bool,
) -> DeliveryInputs:
    """Read what the packages are made from, of some customers.

    Args:
        among: those customers.
        as_of_date: the one that is scored and decided for.
        models: who scores.
        with_contacts: whether a profile asks for e-mail or phone; they are read for nothing else.
    """
    at_date = [("as_of_date", "=", as_of_date)]
    known = among.read(paths.KNOWN_CUSTOMERS, columns=["customer_id"], also=at_date)
    return DeliveryInputs(
        as_of_date=as_of_date,
        versions={model: found.version for model, found in models.items()},
        customers=among.ids,
        segments=among.read(paths.SEGMENTS),
        known=known["customer_id"],
        scores=among.read(_SCORES, repeated=_REPEATED),
        score_reasons=among.read(paths.table(paths.SCORES, "reasons")),
        offers=among.read(_OFFERS),
        offer_reasons=among.read(paths.table(paths.OFFERS, "reasons")),
        products=stored_tables.read_table(
            paths.table(paths.VALIDATED, "products"), columns=["product_id", "name"]
        ),
        recommendations={
            name: among.read(path, repeated=_REPEATED)
            if "customer_id" in contract.names
            else stored_tables.read_table(path, read_dictionary=_REPEATED)
            for name, (path, contract) in _recommendations().items()
        },
        contacts=_read_contacts(among) if with_contacts else None,
    )


def read_scores(rows: int) -> Iterator[pa.Table]:
    """Yield the scores in their order, so many rows at a time; at least once."""
    schema = stored_tables.read_schema(_SCORES)
    batches = stored_tables.iter_batches(_SCORES, rows)
    first = next(batches, None)
    yield pa.Table.from_batches([] if first is None else [first], schema)
    for batch in batches:
        yield pa.Table.from_batches([batch], schema)


def read_said_of_wave() -> pa.Table:
    """Return SAID_OF_WAVE of everybody's decision, without what is not to be sent."""
    return empty_unsent(
        stored_tables.read_table(_OFFERS, columns=SAID_OF_WAVE, read_dictionary=("wave", *_SAID))
    )


def _recommendations() -> dict[SourceTable, tuple[Path, Output]]:
    files: dict[SourceTable, tuple[Path, Output]] = {
        "product_lists": (paths.PRODUCT_LISTS, PRODUCT_LISTS),
        "product_associations": (paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS),
    }
    return {name: found for name, found in files.items() if found[0].exists()}


def _read_contacts(among: CustomerRange) -> pa.Table:
    """Return e-mail and phone of those who consent, by what `decide` permitted."""
    consenting = among.read(
        paths.table(paths.OFFERS, "permitted_channels"),
        columns=[*CUSTOMER_CHANNEL_KEYS],
        also=[("has_consent", "=", True)],
    )
    wanted = ("customer_id", "email", "phone", "country")
    customers = paths.table(paths.VALIDATED, "customers")
    found = stored_tables.read_schema(customers).names
    details = among.read(customers, columns=[name for name in wanted if name in found])
    return contact_details(details, consenting)
