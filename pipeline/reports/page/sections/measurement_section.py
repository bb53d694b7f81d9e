"""What sealed waves caused; says so when nothing has come back."""

from collections.abc import Mapping, Sequence

from pipeline.foundation.contracts.hand_overs.measurement_report import (
    ArmResponse,
    ClaimReport,
    EffectInTruth,
    EffectReport,
    MeasuredWave,
    MeasurementReport,
    RealisedDecile,
    ResponseCounts,
    UnansweredWave,
)
from pipeline.reports.charts.claim_charts import draw_claims
from pipeline.reports.formatting import UNKNOWN, count, listed, number
from pipeline.reports.page.cells import interval_cell
from pipeline.reports.page.parts import Block, Cell, PageSection, PageTable, Picture, Row
from pipeline.reports.page.rule_words import arm

_OUTCOMES: Mapping[str, tuple[str, float]] = {
    "take_up": ("Took the offer up, in 100", 100.0),
    "revenue_cents": ("Revenue per customer", 0.01),
    "profit_cents": ("Profit per customer, net of contact cost", 0.01),
}


def describe_measurement(measurement: MeasurementReport, page: str) -> PageSection:
    """Return the section of the measurement.

    Args:
        measurement: reports/measurement.json.
        page: where all figures of the measurement lie, seen from this page.
    """
    responses = measurement.responses
    return PageSection(
        anchor="caused",
        title="Campaign results",
        lead="What came back from the waves that were sent, beside what happened without contact.",
        facts=_facts(measurement) if responses.rows else [],
        blocks=[
            *([] if _is_measured(measurement) else [_tell_nothing(measurement.in_words)]),
            *([_tell_responses(responses)] if responses.findings else []),
            *_tell_trend(measurement.waves),
            *(_tell_wave(wave, found) for wave, found in _latest_first(measurement.waves)),
        ],
        links=[("The whole measurement: campaigns, deciles, arms, cuts", page)]
        if responses.rows
        else [],
    )


def _is_measured(measurement: MeasurementReport) -> bool:
    """Say whether anything is known of a wave, from responses or from the company's own orders."""
    waves = measurement.waves.values()
    return measurement.responses.rows > 0 or any(isinstance(one, MeasuredWave) for one in waves)


def _facts(measurement: MeasurementReport) -> list[tuple[str, str]]:
    responses = measurement.responses
    return [
        ("Waves sealed as sent", count(len(measurement.waves))),
        ("Rows that came back", count(responses.rows)),
        ("Of them counted", count(responses.counted)),
        ("Orders without amount", count(responses.orders_without_amount)),
    ]


def _tell_nothing(words: Sequence[str]) -> Block:
    return Block("Nothing is measured yet", [one.replace("`", "") for one in words])


def _tell_responses(responses: ResponseCounts) -> Block:
    said = [
        f"{name.replace('_', ' ')} {count(found.rows)}"
        for name, found in responses.findings.items()
    ]
    return Block("What is odd about the responses", [f"Rows with a finding: {listed(said)}."])


def _tell_trend(waves: Mapping[str, MeasuredWave | UnansweredWave]) -> list[Block]:
    """Return every measured wave in one table, the earliest first."""
    measured = {
        name: found for name, found in sorted(waves.items()) if isinstance(found, MeasuredWave)
    }
    if not measured:
        return []
    return [
        Block(
            "Over the waves",
            tables=[
                PageTable(
                    "Wave after wave: take-up in 100 customers with and without contact, and the "
                    "lift of the likeliest tenth",
                    [
                        Cell("Wave", is_number=False),
                        *(
                            Cell(x)
                            for x in ("Contacted", "With contact", "Without", "Caused", "Lift")
                        ),
                    ],
                    [Row(_trend_cells(name, found)) for name, found in measured.items()],
                )
            ],
        )
    ]


def _trend_cells(wave: str, found: MeasuredWave) -> list[Cell]:
    effect = next((one for one in found.effects if one.outcome == "take_up"), None)
    lift = found.deciles[0].lift if found.deciles else None
    return [
        Cell(wave, is_number=False),
        Cell(count(effect.treated_customers if effect else None)),
        Cell(_figure(effect.best.treated if effect else None, 100)),
        Cell(_figure(effect.best.control if effect else None, 100)),
        interval_cell(effect.best.difference if effect else None, 2, 100),
        Cell(number(lift, 2)),
    ]


def _tell_wave(wave: str, found: MeasuredWave | UnansweredWave) -> Block:
    """Return what is known of a wave, which is only its arms when nothing answers it."""
    if isinstance(found, UnansweredWave):
        arms = [f"{arm(name).lower()} {count(many)}" for name, many in found.arms.items()]
        return Block(
            f"Wave {wave}",
            [f"Sent as of {found.as_of_date}: {listed(arms)}. Nothing has come back from it."],
        )
    return Block(
        f"Wave {wave}",
        [
            *found.conclusion.sentences,
            *_tell_truth(found.truth),
            *found.claim_in_words,
            *([found.policies.in_words] if found.policies else []),
            *found.notes,
            found.rankings.in_words,
        ],
        [_picture_claim(wave, found.claim)] if found.claim else [],
        tables=[
            _tabulate_effects(found.effects),
            _tabulate_arms(found.arms),
            _tabulate_deciles(found.deciles),
            *(_tabulate_claim(found.claim) if found.claim else []),
        ],
    )


def _picture_claim(wave: str, claim: ClaimReport) -> Picture:
    told = "; ".join(
        f"decile {part.value}: claimed {_figure(part.claimed.value, 100)}, measured "
        f"{_figure(part.measured.value, 100)}"
        for part in claim.by_decile
    )
    return Picture(
        draw_claims(claim.by_decile, wave),
        f"Take-ups caused in 100 customers, {told}.",
        "What was claimed when the wave was sealed, with the interval of effects.interval, and "
        "what was measured, with its 95% interval.",
    )


def _tabulate_claim(claim: ClaimReport) -> list[PageTable]:
    cuts = {"Channel": claim.by_channel, "Decile of claimed effect": claim.by_decile}
    return [
        PageTable(
            f"Claimed and measured effect by {title.lower()}, in 100 customers",
            [
                Cell(title, is_number=False),
                *(Cell(x) for x in ("Customers", "Claimed", "Measured")),
            ],
            [
                Row(
                    [
                        Cell(part.value, is_number=False),
                        Cell(count(part.customers)),
                        interval_cell(part.claimed, 2, 100),
                        interval_cell(part.measured, 2, 100),
                    ]
                )
                for part in parts
            ],
        )
        for title, parts in cuts.items()
    ]


def _tell_truth(truth: Mapping[str, EffectInTruth]) -> list[str]:
    return [
        f"In truth, which the simulator knows: {_OUTCOMES[outcome][0].lower()} "
        f"({_figure(found.value, _OUTCOMES[outcome][1])} more than without); "
        f"{'inside' if found.is_covered else 'outside'} the confidence interval."
        for outcome, found in truth.items()
    ]


def _tabulate_effects(effects: Sequence[EffectReport]) -> PageTable:
    rows = []
    for effect in effects:
        name, times = _OUTCOMES[effect.outcome]
        rows.append(
            Row(
                [
                    Cell(name, f"against {arm(effect.control).lower()}", is_number=False),
                    Cell(_figure(effect.best.treated, times)),
                    Cell(_figure(effect.best.control, times)),
                    interval_cell(effect.best.difference, 2, times),
                ]
            )
        )
    return PageTable(
        "With contact and without, with 95% confidence intervals; adjusted for propensity "
        "where that makes them narrower",
        [
            Cell("Outcome", is_number=False),
            *(Cell(head) for head in ("With", "Without", "Difference")),
        ],
        rows,
    )


def _tabulate_arms(arms: Mapping[str, ArmResponse]) -> PageTable:
    shares = ("opened", "clicked", "take_up", "unsubscribed")
    heads = ("Customers", "Opened", "Clicked", "Took it up", "Unsubscribed")
    return PageTable(
        "What came back from each arm, in 100 customers",
        [Cell("Arm", is_number=False), *(Cell(head) for head in heads)],
        [
            Row(
                [
                    Cell(arm(name), is_number=False),
                    Cell(count(found.customers)),
                    *(interval_cell(found.share(one), 2, 100) for one in shares),
                ]
            )
            for name, found in arms.items()
        ],
    )


def _tabulate_deciles(deciles: Sequence[RealisedDecile]) -> PageTable:
    return PageTable(
        "Whether the model ranks: take-up by decile of propensity, in 100 customers, 1 the likeliest",
        [
            Cell("Decile", is_number=False),
            *(
                Cell(head)
                for head in ("Predicted", "With contact", "Without contact", "Difference")
            ),
        ],
        [
            Row(
                [
                    Cell(str(one.decile), is_number=False),
                    Cell(_figure(one.propensity, 100)),
                    *(
                        interval_cell(each, 2, 100)
                        for each in (one.treated, one.control, one.uplift)
                    ),
                ]
            )
            for one in deciles
        ],
    )


def _latest_first(
    waves: Mapping[str, MeasuredWave | UnansweredWave],
) -> list[tuple[str, MeasuredWave | UnansweredWave]]:
    return sorted(waves.items(), reverse=True)


def _figure(value: float | None, times: float) -> str:
    return UNKNOWN if value is None else number(value * times, 2)
