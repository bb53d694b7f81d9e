"""Where the delivery packages find what other stages wrote."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.exports.contacts import contact_details
from pipeline.exports.delivery_tables import DeliveryInputs
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

# Texts that stand in many of the longest tables' rows: in memory each of them is kept once.
_REPEATED = ("model", "category", "model_version", "list", "product_id")


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


def read_delivery_inputs(
    as_of_date: date, models: Mapping[str, ManifestModel], *, with_contacts: bool
) -> DeliveryInputs:
    """Read the tables that the packages are made from.

    Args:
        as_of_date: the one that is scored and decided for.
        models: who scores.
        with_contacts: whether a profile asks for e-mail or phone; they are read for nothing else.
    """
    customers = paths.table(paths.VALIDATED, "customers")
    return DeliveryInputs(
        as_of_date=as_of_date,
        versions={model: found.version for model, found in models.items()},
        customers=stored_tables.read_table(customers, columns=["customer_id"])["customer_id"],
        segments=_read_output(paths.SEGMENTS, SEGMENTS),
        known=_read_known(as_of_date),
        scores=_read_output(
            paths.table(paths.SCORES, "propensities"), PROPENSITIES, repeated=_REPEATED
        ),
        score_reasons=stored_tables.read_table(paths.table(paths.SCORES, "reasons")),
        offers=_read_output(paths.table(paths.OFFERS, "next_best_offers"), NEXT_BEST_OFFERS),
        offer_reasons=stored_tables.read_table(paths.table(paths.OFFERS, "reasons")),
        products=stored_tables.read_table(
            paths.table(paths.VALIDATED, "products"), columns=["product_id", "name"]
        ),
        recommendations=_read_recommendations(),
        contacts=_read_contacts(customers) if with_contacts else None,
    )


def _read_output(path: Path, contract: Output, repeated: tuple[str, ...] = ()) -> pa.Table:
    check(path, contract)
    return stored_tables.read_table(path, read_dictionary=repeated)


def _read_known(as_of_date: date) -> pa.ChunkedArray:
    """Return who the company knew at the as-of date, eligible for anything or not."""
    check(paths.KNOWN_CUSTOMERS, KNOWN_CUSTOMERS)
    known = stored_tables.read_table(
        paths.KNOWN_CUSTOMERS, columns=["customer_id"], filters=[("as_of_date", "=", as_of_date)]
    )
    return known["customer_id"]


def _read_recommendations() -> dict[SourceTable, pa.Table]:
    files: dict[SourceTable, tuple[Path, Output]] = {
        "product_lists": (paths.PRODUCT_LISTS, PRODUCT_LISTS),
        "product_associations": (paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS),
    }
    return {
        name: _read_output(path, contract, repeated=_REPEATED)
        for name, (path, contract) in files.items()
        if path.exists()
    }


def _read_contacts(customers: Path) -> pa.Table:
    """Return e-mail and phone of those who consent, by what `decide` permitted."""
    consenting = stored_tables.read_table(
        paths.table(paths.OFFERS, "permitted_channels"),
        columns=[*CUSTOMER_CHANNEL_KEYS],
        filters=[("has_consent", "=", True)],
    )
    wanted = ("customer_id", "email", "phone", "country")
    found = stored_tables.read_schema(customers).names
    details = stored_tables.read_table(
        customers, columns=[name for name in wanted if name in found]
    )
    return contact_details(details, consenting)
