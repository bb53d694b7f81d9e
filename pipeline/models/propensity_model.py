"""A scorer that is ready for use: an order, a calibrated probability, a folder of text.

The folder holds `model.json`, `calibrator.json` and what the core adds; nothing is pickled.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.models.calibration.choice import CalibrationChoice, fit_calibration
from pipeline.models.calibration.curve import IDENTITY, Calibrator, Method, calibrate
from pipeline.models.calibration.level_shift import shift_to_forecast
from pipeline.models.calibration.rate_forecast import ForecastTrial, RateForecast
from pipeline.models.calibration.segment_shift import (
    SegmentShifts,
    move_log_odds,
    try_shifts,
)
from pipeline.models.estimators.core import Core
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats

MODEL_FILE = "model.json"
CALIBRATOR_FILE = "calibrator.json"
SEEN = "segments_seen"
"""In `made_from`: the segments among the rows of the fit."""


@dataclass(frozen=True)
class PropensityModel:
    """A core, its calibrator, and what they were made from."""

    name: str
    core: Core
    calibrator: Calibrator
    base_rate: float
    """The weighted share of positives among the rows of the fit."""
    made_from: Mapping[str, Any]
    """Parameters and counts, for the reader."""
    shifts: SegmentShifts | None = None
    """What the calibration of each segment adds to the calibrator of all."""

    def is_trained_on(self, segment: str) -> bool:
        """Return whether the fit saw a segment; one that does not say so counts as having done."""
        seen = self.made_from.get(SEEN)
        return seen is None or segment in seen

    def score(self, features: pd.DataFrame) -> Floats:
        """Return the raw log-odds of each row: the order, not the probability."""
        return self.core.raw(features)

    def propensity(self, features: pd.DataFrame) -> Floats:
        """Return the calibrated probability of each row."""
        return self.calibrated(self.score(features), features)

    def calibrated(
        self, scores: Floats, features: pd.DataFrame, shifts: Floats | None = None
    ) -> Floats:
        """Return the calibrated probability of rows that were scored already.

        Args:
            scores: raw log-odds.
            features: of the same rows.
            shifts: how far each row is moved in log-odds; as its segment says if not given.
        """
        pooled = self.calibrator.apply(scores)
        if shifts is not None:
            return move_log_odds(pooled, shifts)
        return pooled if self.shifts is None else self.shifts.apply(pooled, features)

    @property
    def follows_levels(self) -> bool:
        """Return whether its segments stand where a forecast put them."""
        return self.shifts is not None and bool(self.shifts.deviations)

    def at_levels(self, rows: Examples, forecast: RateForecast) -> "PropensityModel":
        """Return the model with its segments where a later forecast puts them.

        Args:
            rows: as they are to be expected, such as those of the latest date.
            forecast: of the rates of the segments.

        Raises:
            ValueError: the model has no segments to move.
        """
        if self.shifts is None:
            raise ValueError("a model without shifts of segments has no levels to move")
        pooled = self.calibrator.apply(self.score(rows.features))
        return replace(self, shifts=shift_to_forecast(self.shifts.column, rows, pooled, forecast))

    @cached_property
    def version(self) -> str:
        """Return the first 12 hex digits of the SHA-256 of all that the folder says."""
        return version_of(self._unversioned_files())

    def files(self) -> dict[str, str]:
        """Return the folder's files by name."""
        files = self._unversioned_files()
        model = json.loads(files[MODEL_FILE])
        return files | {MODEL_FILE: to_text({"version": self.version} | model)}

    def save(self, folder: Path) -> None:
        """Write the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(self.files().items()):
            (folder / name).write_text(text, encoding="utf-8")

    def _unversioned_files(self) -> dict[str, str]:
        model = {
            "kind": self.core.kind,
            "name": self.name,
            "base_rate": self.base_rate,
            "made_from": dict(self.made_from),
            **self.core.to_json(),
        }
        segments = {} if self.shifts is None else {"segments": self.shifts.to_json()}
        return {
            **self.core.to_files(),
            MODEL_FILE: to_text(model),
            CALIBRATOR_FILE: to_text(self.calibrator.to_json() | segments),
        }


def calibrate_core(
    name: str,
    core: Core,
    fitted_on: Examples,
    held_out: Examples,
    made_from: Mapping[str, Any],
    *,
    segments: str | None = None,
    levels: ForecastTrial | None = None,
    choice: CalibrationChoice | None = None,
) -> PropensityModel:
    """Calibrate a core on rows that its fit did not see, and name what they make together.

    Args:
        name: of the model.
        core: what orders the rows.
        fitted_on: the rows the core was fitted on; without a choice, its last period tells what
            part of a segment's shift lasts.
        held_out: the rows to calibrate on.
        made_from: parameters and counts, for the reader.
        segments: a text feature whose values may each have a calibration of their own.
        levels: a forecast of the rates of its values, if they have a past to forecast from. Where
            it pays, it takes the place of the shifts that the held-out rows show.
        choice: of the calibration, by earlier dates; without one the held-out rows choose.
    """
    scores = core.raw(held_out.features)
    if choice is None:
        choice = _choose_here(core, scores, fitted_on, held_out, segments)
    forecast = None if levels is None else levels.forecast
    calibration = fit_calibration(choice, scores, held_out, segments, forecast)
    return PropensityModel(
        name,
        core,
        calibration.curve,
        round(fitted_on.base_rate, 8),
        {**made_from, **_told(choice, segments, levels, fitted_on)},
        calibration.shifts,
    )


def _choose_here(
    core: Core, scores: Floats, fitted_on: Examples, held_out: Examples, segments: str | None
) -> CalibrationChoice:
    """Choose by folds of the held-out rows, for want of earlier dates."""
    found = calibrate(scores, held_out.labels, held_out.weights, held_out.groups)
    choice = CalibrationChoice(found.curve.method, log_losses=found.log_losses)
    if segments is None:
        return choice
    before, predicted = fitted_on.latest(), None
    if before is not None:
        predicted = (before, found.curve.apply(core.raw(before.features)))
    trial = try_shifts(segments, held_out, found.curve.apply(scores), predicted)
    kept = trial.carried_over if trial.shifts else 0.0
    return replace(choice, carried_over=kept, segment_log_losses=trial.log_losses)


def _told(
    choice: CalibrationChoice,
    segments: str | None,
    levels: ForecastTrial | None,
    fitted_on: Examples,
) -> dict[str, Any]:
    """Return what `model.json` says of the calibration."""
    told: dict[str, Any] = {"calibration_log_losses": _rounded(choice.log_losses)}
    if segments is not None:
        told[SEEN] = _values_seen(fitted_on, segments)
        told["segment_log_losses"] = _rounded(choice.segment_log_losses)
        told["segment_carry_over"] = choice.carried_over
        if levels is not None:
            told["level_deviances"] = dict(levels.deviances)
            if levels.forecast is not None:
                told["level_periods"] = levels.forecast.span
    return told


def uncalibrated(
    name: str,
    core: Core,
    fitted_on: Examples,
    made_from: Mapping[str, Any],
    *,
    segments: str,
) -> PropensityModel:
    """Name a core whose rates count as they are, for want of outcomes to calibrate on."""
    seen = {SEEN: _values_seen(fitted_on, segments)}
    rate = round(fitted_on.base_rate, 8)
    return PropensityModel(name, core, IDENTITY, rate, {**made_from, **seen})


def _values_seen(examples: Examples, column: str) -> list[str]:
    """Return the values of a text column, in order."""
    return sorted(str(value) for value in examples.features[column].dropna().unique())


def version_of(files: Mapping[str, str]) -> str:
    """Return the version of a folder whose `model.json` does not name one yet."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:12]


def to_text(value: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and a last line break: equal values, equal bytes."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _rounded(values: Mapping[Method, float] | Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 8) for name, value in values.items()}
