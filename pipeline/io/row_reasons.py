"""Why rows score as they do: the reasons of the rows that are handed over, and of no others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.features.common_texts import CommonTexts, find_common_texts
from pipeline.features.matrix import Matrix
from pipeline.features.reason_eligibility import sensitive_measures
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS, OFFER_KEYS
from pipeline.foundation.contracts.outputs import REASONS
from pipeline.foundation.engines import Engine
from pipeline.io.matrices import map_matrices, read_families
from pipeline.models.estimators.core import Core
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.reason_codes import reason_codes

SCHEMA = pa.schema(REASONS.columns)
NO_REASONS = SCHEMA.empty_table()


@dataclass(frozen=True)
class RowExplainer:
    """From a matrix to the reasons of its rows (REASONS); it goes to where the rows are."""

    model: ModelName
    core: Core
    count: int
    excluded: Collection[str]
    common: CommonTexts

    def __call__(self, matrix: Matrix) -> pa.Table:
        """Return the reasons of each row."""
        told = reason_codes(
            self.core,
            matrix.features,
            matrix.keys[[*CUSTOMER_CATEGORY_KEYS]],
            count=self.count,
            excluded=self.excluded,
            common=self.common,
        ).assign(model=self.model)
        return to_rows(told, SCHEMA)


def explain_rows(
    engine: Engine,
    model: ModelName,
    champion: PropensityModel,
    wanted: ir.Table,
    *,
    count: int,
    sensitive: Collection[str],
) -> ir.Table:
    """Return the reasons of rows of the scoring day.

    Args:
        engine: finds the rows.
        model: which asks.
        champion: what scored.
        wanted: as_of_date, customer_id and category of the rows, each once.
        count: reasons a row has at most.
        sensitive: attributes that are never a reason.
    """
    explainer = RowExplainer(
        model,
        champion.core,
        count,
        frozenset(sensitive_measures(sensitive)),
        find_common_texts(engine, wanted, read_families(engine)),
    )
    return map_matrices(engine, model, explainer, SCHEMA, split="scoring", among=wanted)


def keys_of(offers: pd.DataFrame, day: date) -> pa.Table:
    """Return the keys of offers, with the as-of date that they are made for."""
    texts = {name: pa.array(offers[name], pa.string()) for name in OFFER_KEYS}
    return pa.table({"as_of_date": pa.array([day] * len(offers), pa.date32()), **texts})
