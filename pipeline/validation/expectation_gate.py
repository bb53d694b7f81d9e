"""The one door to Great Expectations: whether batches of rows meet a suite.

It is imported at the call, since the import takes seconds. Each batch has a context of its own in
memory: nothing is kept, so memory stays flat however many batches a table has.
A check that raises says nothing about the data; it is told apart from one that fails.
"""

import logging
import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from pipeline.validation.expectations import Expectation, Kind, Limit

Observed = str | float | None
MAX_LISTED_VALUES = 5
MAX_REASON_LENGTH = 200


@dataclass(frozen=True)
class Outcome:
    """What a gate saw of one expectation, over all batches."""

    expectation: Expectation
    success: bool
    observed: Observed
    broken: str | None
    """Why the check could not be carried out; nothing when it could."""


@dataclass(frozen=True)
class _Sight:
    """What one batch showed."""

    success: bool
    observed: tuple[Any, ...] = ()
    broken: str | None = None


def pass_through(
    frames: Iterable[pd.DataFrame], suite: Sequence[Expectation]
) -> tuple[Outcome, ...]:
    """Check every frame against the suite and merge what they showed, in the suite's order."""
    door = _Door()
    sights: dict[Expectation, list[_Sight]] = {expectation: [] for expectation in suite}
    for frame in frames:
        for expectation, sight in _look(door, frame, suite).items():
            sights[expectation].append(sight)
    return tuple(_merge(expectation, seen) for expectation, seen in sights.items())


def _look(
    door: "_Door", frame: pd.DataFrame, suite: Sequence[Expectation]
) -> dict[Expectation, _Sight]:
    """Validate one batch against what applies to it."""
    asked = [expectation for expectation in suite if _applies(frame, expectation)]
    results = door.validate(frame, asked)
    return {
        expectation: results.get(index, _Sight(success=False, broken="no result came back"))
        for index, expectation in enumerate(asked)
    }


def _applies(frame: pd.DataFrame, expectation: Expectation) -> bool:
    """Say whether there is anything to judge: a column without values has no minimum."""
    if expectation.kind not in ("minimum", "maximum") or expectation.about not in frame:
        return True
    return bool(frame[expectation.about].notna().any())


class _Door:
    """Great Expectations with a context in memory and nothing else."""

    def __init__(self) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        logging.getLogger("great_expectations").propagate = False  # it tells of its own workings
        with warnings.catch_warnings():  # it imports pyspark, which warns of pandas 3; unused here
            warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
            import great_expectations as gx  # noqa: PLC0415 - takes seconds; only this call needs it

        self._gx = gx
        context: Any = gx.get_context(mode="ephemeral")
        context.enable_analytics(enable=False)
        context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        asset = context.data_sources.add_pandas("batches").add_dataframe_asset("rows")
        self._batches = asset.add_batch_definition_whole_dataframe("all")

    def validate(self, frame: pd.DataFrame, asked: Sequence[Expectation]) -> dict[int, _Sight]:
        """Ask all expectations of one batch; return what it showed by their position."""
        try:
            results = self._validate(frame, asked)
        except Exception as error:  # noqa: BLE001 - whatever was raised, no check was carried out
            broken = _Sight(success=False, broken=_shorten(str(error)))
            return dict.fromkeys(range(len(asked)), broken)
        indices = [result.expectation_config.meta["index"] for result in results]
        return {
            index: _read(result, asked[index].kind)
            for index, result in zip(indices, results, strict=True)
        }

    def _validate(self, frame: pd.DataFrame, asked: Sequence[Expectation]) -> Sequence[Any]:
        forms = [_declare(self._gx, item, index) for index, item in enumerate(asked)]
        suite = self._gx.ExpectationSuite(name="suite", expectations=forms)
        batch: Any = self._batches.get_batch({"dataframe": frame})
        results: Sequence[Any] = batch.validate(suite).results
        return results


def _declare(gx: Any, expectation: Expectation, index: int) -> Any:
    """Return Great Expectations' own form of an expectation."""
    name, arguments = _FORMS[expectation.kind]
    column = {"column": expectation.about} if expectation.about else {}
    limit = {} if arguments is None else {arguments: _to_limit(expectation.limit)}
    form = getattr(gx.expectations, name)
    return form(**column, **limit, severity=expectation.severity, meta={"index": index})


_FORMS: Mapping[Kind, tuple[str, str | None]] = {
    "columns": ("ExpectTableColumnsToMatchOrderedList", "column_list"),
    "type": ("ExpectColumnValuesToBeOfType", "type_"),
    "not_null": ("ExpectColumnValuesToNotBeNull", None),
    "allowed": ("ExpectColumnDistinctValuesToBeInSet", "value_set"),
    "minimum": ("ExpectColumnMinToBeBetween", "min_value"),
    "maximum": ("ExpectColumnMaxToBeBetween", "max_value"),
}


def _to_limit(limit: Limit) -> Any:
    return list(limit) if isinstance(limit, tuple) else limit


def _read(result: Any, kind: Kind) -> _Sight:
    """Read one result; a raised exception is not a verdict on the data."""
    broken = _reason(result.exception_info)
    if broken is not None:
        return _Sight(success=False, broken=broken)
    success, found = bool(result.success), result.result
    if kind == "allowed":
        return _Sight(success, tuple(found["partial_unexpected_list"]))
    return _Sight(success, (found["unexpected_count" if kind == "not_null" else "observed_value"],))


def _reason(info: Any) -> str | None:
    """Return the first exception's message; they come plain, or one for each broken metric."""
    faults = [info] if "raised_exception" in info else list(info.values())
    messages = [str(fault["exception_message"]) for fault in faults if fault["raised_exception"]]
    return _shorten(messages[0]) if messages else None


def _shorten(message: str) -> str:
    """Return a message as one line of bearable length."""
    return " ".join(message.split())[:MAX_REASON_LENGTH] or "an exception without a message"


def _merge(expectation: Expectation, sights: Sequence[_Sight]) -> Outcome:
    broken = next((sight.broken for sight in sights if sight.broken is not None), None)
    seen = [value for sight in sights for value in sight.observed]
    return Outcome(
        expectation,
        all(sight.success for sight in sights),
        None if broken is not None else _observe(expectation, seen),
        broken,
    )


def _observe(expectation: Expectation, seen: Sequence[Any]) -> Observed:
    """Join what the batches showed into one small, printable value."""
    return _JOINS[expectation.kind](seen) if seen else None


def _to_plain(value: Any) -> Observed:
    return value.isoformat() if isinstance(value, datetime) else round(float(value), 6)


def _list_some(seen: Sequence[Any]) -> Observed:
    return ", ".join(sorted({str(value) for value in seen})[:MAX_LISTED_VALUES]) or None


_JOINS: Mapping[Kind, Callable[[Sequence[Any]], Observed]] = {
    "columns": lambda seen: ", ".join(seen[0]),
    "type": _list_some,
    "not_null": lambda seen: int(sum(seen)),
    "allowed": _list_some,
    "minimum": lambda seen: _to_plain(min(seen)),
    "maximum": lambda seen: _to_plain(max(seen)),
}
