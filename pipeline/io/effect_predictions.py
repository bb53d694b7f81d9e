"""Predicted effects as a file: one row for every scored candidate and channel (EFFECTS)."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.effects.effect_model import EffectModel
from pipeline.foundation import paths
from pipeline.foundation.contracts.keys import SCORE_KEYS
from pipeline.foundation.contracts.outputs import EFFECTS
from pipeline.io.effect_rows import Ledger
from pipeline.io.effect_waves import scored_with_traits, traits_on
from pipeline.io.snapshots import read_snapshots


def write_effects(
    ledger: Ledger, model: EffectModel, models: Sequence[str], confidence: float
) -> int:
    """Write the effect of each channel on each scored candidate, one candidate at a time.

    Args:
        ledger: the tables of the day.
        model: of the effects.
        models: those that scored.
        confidence: of the intervals.

    Returns:
        How many rows were written.
    """
    count = 0
    schema = pa.schema(EFFECTS.columns)
    with (
        paths.replacing(paths.EFFECTS) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd") as writer,
    ):
        for frame in predict(ledger, model, models, confidence):
            columns = [pa.array(frame[name]).cast(type_) for name, type_ in EFFECTS.columns]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(frame)
    return count


def predict(
    ledger: Ledger, model: EffectModel, models: Sequence[str], confidence: float
) -> Iterator[pd.DataFrame]:
    """Yield the effects of one model × category after another, sorted by customer and channel."""
    scores = ledger.engine.read(paths.table(paths.SCORES, "propensities"))
    traits = traits_on(ledger, read_snapshots().scoring, model.trait_names())
    for name in sorted(models):
        for category in ledger.categories:
            scored = scored_with_traits(ledger, scores, traits, name, category)
            if scored.empty:
                continue
            yield predict_candidate(scored, model, ledger.channels, confidence)


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
