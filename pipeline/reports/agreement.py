"""Whether stated rates come true, part by part and group by group: the sentences and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reports.card_tables import with_limits
from pipeline.reports.parts import Cell, Row, Table
from pipeline.reports.words import count, interval, share

Parts = Mapping[str, Sequence[Mapping[str, Any]]]
_TITLES: Mapping[str, str] = {"decile": "Decile, 1 is best", "tier": "Tier held"}


def tell_slope(model: Mapping[str, Any]) -> str:
    """Say whether the model is too sure of its differences, or too high or low as a whole."""
    return (
        f"Slope {with_limits(model['calibration_slope'], 2)}: 1 is perfect, below 1 the model is too "
        f"sure of its differences. Intercept {with_limits(model['calibration_intercept'], 2)} in "
        "log-odds: 0 is perfect, above 0 more happened than was stated."
    )


def tell_groups_that_differ(groups: Parts) -> str:
    """Name the groups whose observed rate is not the stated one, beyond chance."""
    found = [
        f"{name} {one['value']} ({with_limits(one['observed_to_predicted'], 2)})"
        for name, values in groups.items()
        for one in values
        if _differs(one["observed_to_predicted"])
    ]
    return f"Observed and stated rates differ beyond chance for: {', '.join(found) or 'none'}."


def tabulate_agreement(calibration: Parts) -> list[Table]:
    """Return stated and observed rates by decile and by tier held, those that there are."""
    return [
        _tabulate(title, calibration[kind])
        for kind, title in _TITLES.items()
        if calibration.get(kind)
    ]


def _tabulate(title: str, parts: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        f"Stated and observed rates by {title.split(',', maxsplit=1)[0].lower()}",
        [
            Cell(title, is_number=False),
            *(Cell(head) for head in ("Rows", "Did it", "Stated", "Observed")),
            Cell("Observed over stated"),
        ],
        [
            Row(
                [
                    Cell(str(one["part"]), is_number=False),
                    Cell(count(one["rows"])),
                    Cell(count(one["positives"])),
                    Cell(share(one["propensity"], 2)),
                    Cell(share(one["observed"]["value"], 2)),
                    interval(one["ratio"], 2),
                ]
            )
            for one in parts
        ],
    )


def _differs(ratio: Mapping[str, Any]) -> bool:
    return ratio["low"] is not None and not ratio["low"] <= 1 <= ratio["high"]
