"""Shrinkage of rates to a prior, as expressions: few trials are little evidence.

The estimate (hits + strength × prior) ÷ (trials + strength) is the mean of a beta posterior whose
prior is worth `strength` trials. With a prior of 0.02 worth 5 trials:

    hits  trials  raw   shrunk
    0     1       0.00  0.0167
    1     1       1.00  0.1833
    40    200     0.20  0.1956
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from pipeline.features.window_expressions import ratio


def shrunk_rate(
    hits: ir.NumericValue, trials: ir.NumericValue, prior: ir.NumericValue, strength: int
) -> ir.NumericValue:
    """Return a rate shrunk to a prior rate that is worth so many trials."""
    expected = hits.cast("float64") + float(strength) * prior
    return expected / (trials + strength).cast("float64")


def shrunk_share(
    hits: ir.IntegerColumn,
    trials: ir.IntegerColumn,
    strength: int,
    population: Sequence[ir.Column],
) -> ir.NumericValue:
    """Return a share shrunk to that of the population; missing without a trial.

    Args:
        hits: of one row.
        trials: of one row.
        strength: the trials that the population's share is worth.
        population: the columns that the rows of one population share.
    """
    everyone = ratio(_total(hits, population), _total(trials, population))
    share = shrunk_rate(hits, trials, everyone, strength)
    return ibis.ifelse(trials > 0, share, ibis.null("float64"))


def _total(column: ir.IntegerColumn, population: Sequence[ir.Column]) -> ir.IntegerColumn:
    total: ir.IntegerColumn = column.sum().over(group_by=list(population)).cast("int64")
    return total
