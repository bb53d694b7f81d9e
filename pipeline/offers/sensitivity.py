"""Ablation of the priority: the offers as they would be without each of its parts."""

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.foundation.engines import Engine
from pipeline.offers.priority import group_codes, tie_keys
from pipeline.population.drawn_customers import drawn_share, is_drawn
from pipeline.statistics.within_group import best_of_each

BY_PROPENSITY = ("propensity", "value_cents", "context", "lever")
BY_EFFECT = ("effect", "value_cents", "context", "lever", "contact_cost_cents")
CUSTOMERS = 100_000
"""Of more, so many are drawn: their shares are those of everybody to within a third of a point."""
COST = "contact_cost_cents"
Floats = npt.NDArray[np.float64]


def measure_sensitivity(
    engine: Engine, options: ir.Table, parts: Sequence[str]
) -> Mapping[str, PrioritySensitivity]:
    """Return what `leave_parts_out` returns, of many customers for a draw of them.

    Args:
        engine: draws, by a digest of the ids.
        options: customer_id, model, category and the parts: WEIGHED, or CONTACTS on a channel.
        parts: BY_PROPENSITY or BY_EFFECT.
    """
    counted = engine.arrow(options.aggregate(customers=options.customer_id.nunique()))
    share = drawn_share(counted["customers"][0].as_py(), CUSTOMERS)
    keys = [name for name in ("customer_id", "model", "category", "channel") if name in options]
    drawn = options.filter(is_drawn(options.customer_id, share, "sensitivity"))
    rows = engine.arrow(drawn.select(*keys, *parts).order_by(keys)).to_pandas()
    return leave_parts_out(rows, parts)


def leave_parts_out(
    options: pd.DataFrame, parts: Sequence[str]
) -> Mapping[str, PrioritySensitivity]:
    """Return for each part the share of customers whose first option would be another one without it.

    A factor that is left out counts with its mean for everybody, the cost with nothing. The rank
    correlation is Spearman's, of all options by priority with and without the part.

    Args:
        options: customer_id, model, category and the parts, all rows of a customer together:
            candidates, or candidates × channels with their channel.
        parts: BY_PROPENSITY, where a customer's candidates all cost the same, or BY_EFFECT.
    """
    if not len(options):
        return {}
    customers, keys = group_codes(options["customer_id"]), _keys(options)
    full = _worth(options, parts, without=None)
    best, order = best_of_each(customers, full, *keys), _ranks(full)

    def compare(part: str) -> PrioritySensitivity:
        worth = _worth(options, parts, without=part)
        changed = np.mean(best_of_each(customers, worth, *keys) != best)
        correlation = _correlate(order, _ranks(worth))
        return PrioritySensitivity(
            changed_offers_share=round(float(changed), 6), rank_correlation=round(correlation, 6)
        )

    return {part: compare(part) for part in parts}


def _worth(options: pd.DataFrame, parts: Sequence[str], *, without: str | None) -> Floats:
    product = np.ones(len(options))
    for part in parts:
        values = options[part].to_numpy(dtype=np.float64)
        if part != COST:
            product = product * (values.mean() if part == without else values)
    has_cost = COST in parts and without != COST
    return product - options[COST].to_numpy(dtype=np.float64) if has_cost else product


def _keys(options: pd.DataFrame) -> tuple[npt.NDArray[np.int64], ...]:
    keys = tuple(tie_keys(options))
    if "channel" not in options.columns:
        return keys
    return (*keys, pd.factorize(options["channel"], sort=True)[0].astype(np.int64))


def _ranks(worth: Floats) -> Floats:
    return np.asarray(pd.Series(worth).rank(), dtype=np.float64)


def _correlate(first: Floats, second: Floats) -> float:
    """Return the correlation of two sets of ranks; 0 where one of them ranks nothing."""
    is_flat = first.min() == first.max() or second.min() == second.max()
    return 0.0 if is_flat else float(np.corrcoef(first, second)[0, 1])
