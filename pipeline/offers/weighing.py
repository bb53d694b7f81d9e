"""The parts of each candidate's priority, side by side: propensity, value, context, lever."""

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import DecideParams
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.priority import (
    check_weights,
    prioritise,
    value_offers,
    weigh_levers,
    weigh_seasons,
)

WEIGHED = pa.schema(
    [
        ("customer_id", pa.string()),
        ("model", pa.string()),
        ("category", pa.string()),
        ("product_id", pa.string()),
        ("propensity", pa.float64()),
        ("value_cents", pa.int64()),
        ("context", pa.float64()),
        ("lever", pa.float64()),
        ("gross_cents", pa.float64()),
    ]
)
"""A candidate with the parts of its priority, and their product, `gross_cents`."""


def weigh_candidates(
    engine: Engine, priced: ir.Table, decide: DecideParams, month: int
) -> ir.Table:
    """Return WEIGHED of every candidate, in no order.

    Args:
        engine: weighs them where they are.
        priced: what `price_candidates` returns.
        decide: prices and margins where none are known, seasons and levers.
        month: of the decision, 1 = January.

    Raises:
        ConfigurationError: a season or a lever is of nothing that may be offered.
    """
    names = engine.arrow(priced.select("model", "category").distinct()).to_pandas()
    check_weights(decide.seasons, decide.levers, names)
    return engine.map_batches(OnFrames(_Weigher(decide, month), WEIGHED), priced, WEIGHED)


@dataclass(frozen=True)
class _Weigher:
    decide: DecideParams
    month: int

    def __call__(self, priced: pd.DataFrame) -> pd.DataFrame:
        value = value_offers(
            priced,
            default_price_cents=int(self.decide.default_price * 100),
            default_margin_rate=self.decide.default_margin_rate,
            subscription_payments=self.decide.subscription_payments,
        )
        weighed = priced[[*OFFER_KEYS, "product_id", "propensity"]].assign(
            value_cents=value,
            context=weigh_seasons(priced["category"], self.month, self.decide.seasons),
            lever=weigh_levers(priced, self.decide.levers),
        )
        return weighed.assign(gross_cents=prioritise(weighed))
