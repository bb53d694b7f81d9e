"""Predicted effects as a file: one row for every scored candidate and channel (EFFECTS)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.effects.effect_model import EffectModel
from pipeline.foundation import paths
from pipeline.foundation.contracts.frame_rows import OnFrames, to_rows
from pipeline.foundation.contracts.keys import SCORE_KEYS
from pipeline.foundation.contracts.outputs import EFFECTS
from pipeline.io.effect_rows import Ledger
from pipeline.io.effect_waves import scored_with_traits, traits_on, with_traits
from pipeline.io.snapshots import read_snapshots
from pipeline.statistics.arrays import row_blocks

SCHEMA = pa.schema(EFFECTS.columns)
ROWS = 50_000
"""Scored rows whose effects are in memory at once, a row a channel."""


def write_effects(
    ledger: Ledger, model: EffectModel, models: Sequence[str], confidence: float
) -> int:
    """Write the effect of each channel on each scored candidate, some customers at a time.

    Args:
        ledger: the tables of the day.
        model: of the effects.
        models: those that scored.
        confidence: of the intervals.

    Returns:
        How many rows were written.
    """
    predictor = EffectPredictor(model, ledger.channels, confidence)
    if ledger.engine.is_distributed:
        scored = with_traits(_scores(ledger), _traits(ledger, model))
        rows = ledger.engine.map_batches(OnFrames(predictor, SCHEMA), scored, SCHEMA)
        return ledger.engine.write(rows, paths.EFFECTS, EFFECTS.keys)
    count = 0
    with (
        paths.replacing(paths.EFFECTS) as partial,
        pq.ParquetWriter(partial, SCHEMA, compression="zstd") as writer,
    ):
        for scored in _scored(ledger, model, models):
            rows = to_rows(predictor(scored), SCHEMA)
            writer.write_table(rows)
            count += rows.num_rows
    return count


@dataclass(frozen=True)
class EffectPredictor:
    """From scored rows with traits to their effects (EFFECTS); it goes to where the rows are."""

    model: EffectModel
    channels: tuple[str, ...]
    confidence: float

    def __call__(self, scored: pd.DataFrame) -> pd.DataFrame:
        """Return a row a channel under each of the rows."""
        return predict_candidate(scored, self.model, self.channels, self.confidence)


def _scores(ledger: Ledger) -> ir.Table:
    return ledger.engine.read(paths.table(paths.SCORES, "propensities"))


def _traits(ledger: Ledger, model: EffectModel) -> list[ir.Table]:
    return traits_on(ledger, read_snapshots().scoring, model.trait_names())


def _scored(ledger: Ledger, model: EffectModel, models: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield the rows of one model × category after another, some at a time, sorted by customer."""
    scores, traits = _scores(ledger), _traits(ledger, model)
    for name in sorted(models):
        for category in ledger.categories:
            scored = scored_with_traits(ledger, scores, traits, name, category)
            for rows in row_blocks(len(scored), ROWS):
                yield scored.iloc[rows].reset_index(drop=True)


def predict_candidate(
    scored: pd.DataFrame, model: EffectModel, channels: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    """Return the effect of each channel on each scored customer of one candidate."""
    probability = scored["propensity"].to_numpy()
    found = {channel: model.predict(channel, scored) for channel in channels}
    limits = {channel: one.interval(probability, confidence) for channel, one in found.items()}
    scale = probability * (1 - probability)
    columns = {
        "share": [one.share for one in found.values()],
        "effect": [one.effect(probability) for one in found.values()],
        "effect_error": [one.error * scale for one in found.values()],
        "effect_low": [low for low, _ in limits.values()],
        "effect_high": [high for _, high in limits.values()],
    }
    # One row a channel under each customer: the order of the keys without sorting.
    repeated = scored[list(SCORE_KEYS)].loc[scored.index.repeat(len(channels))]
    return repeated.assign(
        channel=np.tile(np.array(channels, dtype=object), len(scored)),
        effect_origin=np.tile(
            np.array([one.origin for one in found.values()], dtype=object), len(scored)
        ),
        **{name: np.column_stack(parts).ravel() for name, parts in columns.items()},
    )
