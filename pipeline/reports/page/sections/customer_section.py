"""Who the customers are: lifecycle, RFM, and how well what is said of them was forecast."""

from collections.abc import Callable, Mapping, Sequence

from pipeline.foundation.contracts.hand_overs.segments_report import (
    ForecastErrors,
    ForecastsReport,
    NextPurchaseReport,
    PredictionInterval,
    SegmentMeans,
    SegmentsReport,
    TargetForecast,
)
from pipeline.reports.charts.count_charts import draw_counts
from pipeline.reports.formatting import count, listed, money, number, share
from pipeline.reports.names import in_words
from pipeline.reports.page.parts import Block, Cell, PageSection, PageTable, Picture, Row

_STAGES: Mapping[str, str] = {
    "prospect": "Known, and nothing more",
    "visitor": "Has been in touch, never bought",
    "first_purchase": "Bought once",
    "repeat": "Bought again",
    "loyal": "Buys often",
    "inactive": "Has not bought for long, and no contract runs",
}
_SEGMENTS: Mapping[str, str] = {
    "champions": "Lately, often, much",
    "big_spenders": "Much, not long ago",
    "loyal_small_baskets": "Often, not long ago",
    "new_or_returning": "Lately, seldom so far",
    "steady": "In the middle",
    "at_risk": "Used to come, has not come lately",
    "cannot_lose": "Used to come often for much, has not come lately",
    "hibernating": "Seldom, and long ago",
    "never_bought": "Nothing yet",
}
_ESTIMATORS: Mapping[str, str] = {
    "own_mean": "The customer's own mean",
    "shrunk_mean": "Own mean, drawn to that of all",
    "boosted_trees": "Boosted trees",
}


def describe_customers(
    segments: SegmentsReport, links: Sequence[tuple[str, str]] = ()
) -> PageSection:
    """Return the section of the customers.

    Args:
        segments: reports/segments.json.
        links: (what, where) of what else is known of them.
    """
    return PageSection(
        anchor="customers",
        title="Customer segments",
        lead=f"Who they are, as seen on {segments.as_of_date}.",
        facts=[
            ("Customers", count(segments.customers)),
            ("Ever bought", count(segments.buyers)),
            ("Of them below mean spend", count(segments.buyers_below_mean_spend)),
            ("Next purchase expected", count(segments.with_next_purchase)),
        ],
        blocks=[
            _tell_groups(segments),
            _tell_value(segments.forecasts),
            _tell_rhythm(segments.next_purchase),
        ],
        links=links,
    )


def _tell_groups(segments: SegmentsReport) -> Block:
    stages = _in_order(segments.lifecycle_stage, _STAGES)
    rfm = _in_order(segments.rfm_segment, _SEGMENTS)
    types = [f"{count(found)} {name}" for name, found in segments.customer_type.items()]
    return Block(
        "Stages and segments",
        [
            *([f"By type: {listed(types)}."] if types else []),
            (
                "The lifecycle stage says where a customer stands with the company, and counts a "
                "running contract; the RFM segment compares what buyers bought with one another. So "
                "somebody may be hibernating, with few and old purchases, and not be inactive."
            ),
        ],
        [
            _picture(stages, "Lifecycle stage", "lifecycle"),
            _picture(rfm, "Segment by recency, frequency and value", "rfm"),
        ],
        [
            _tabulate(stages, _STAGES, "Lifecycle stage"),
            _tabulate(rfm, _SEGMENTS, "RFM segment"),
        ],
    )


def _in_order(
    groups: Mapping[str, SegmentMeans], known: Mapping[str, str]
) -> dict[str, SegmentMeans]:
    names = [name for name in known if name in groups]
    return {name: groups[name] for name in [*names, *sorted(set(groups) - set(known))]}


def _picture(groups: Mapping[str, SegmentMeans], title: str, name: str) -> Picture:
    counts = {in_words(group): found.customers for group, found in groups.items()}
    shown = ", ".join(f"{group} {count(found)}" for group, found in counts.items())
    return Picture(
        draw_counts(counts, f"customers-{name}"),
        f"Customers by {title.lower()}: {shown}.",
        title,
    )


def _tabulate(
    groups: Mapping[str, SegmentMeans], meanings: Mapping[str, str], title: str
) -> PageTable:
    return PageTable(
        f"{title}: means of the customers in it, in the source's currency",
        [
            Cell(title, is_number=False),
            Cell("Customers"),
            Cell("Spent in 365 days"),
            Cell("Value of the next 12 months"),
        ],
        [
            Row(
                [
                    Cell(in_words(name), meanings.get(name, ""), is_number=False),
                    Cell(count(found.customers)),
                    Cell(money(found.mean_spend_cents_365d)),
                    Cell(money(found.mean_value_12m_cents)),
                ]
            )
            for name, found in groups.items()
        ],
    )


def _tell_value(forecasts: ForecastsReport) -> Block:
    value, returns = forecasts.value_12m_cents, forecasts.return_rate
    return Block(
        "How well value and returns are forecast",
        [
            (
                f"Learnt on {forecasts.learnt_on}, tested on {forecasts.tested_on} against what "
                f"followed. {forecasts.note} The estimator whose "
                "squared error is least is used."
            ),
            *_tell_interval(value.interval),
        ],
        tables=[
            _compare(value, "Value of 12 months, in the source's currency", money),
            _compare(returns, "Share of purchases returned", lambda found: share(found, 2)),
        ],
    )


def _tell_interval(interval: PredictionInterval | None) -> list[str]:
    if interval is None:
        return []
    shown = (
        f"Prediction intervals of the value are to hold {share(interval.confidence, 0)} of the "
        f"customers; of customers not used to set them, "
        f"{share(interval.coverage_on_other_half)} came to lie inside."
    )
    return [shown]


def _errors(found: ForecastErrors) -> tuple[float, float, float]:
    return found.mean_absolute_error, found.root_mean_squared_error, found.mean_prediction


def _compare(target: TargetForecast, title: str, shown: Callable[[float], str]) -> PageTable:
    estimators = target.estimators
    return PageTable(
        f"{title}: forecasts out of time; {shown(target.observed_mean)} was observed on average",
        [
            Cell("Estimator", is_number=False),
            Cell("Mean error, either way"),
            Cell("Root mean squared error"),
            Cell("Mean forecast"),
        ],
        [
            Row(
                [
                    Cell(
                        _ESTIMATORS.get(name, in_words(name)),
                        "is used" if name == target.used else "",
                        is_number=False,
                    ),
                    *(Cell(shown(one)) for one in _errors(estimators[name])),
                ],
                is_strong=name == target.used,
            )
            for name in sorted(
                estimators, key=lambda one: (estimators[one].root_mean_squared_error, one)
            )
        ],
    )


def _tell_rhythm(rhythm: NextPurchaseReport) -> Block:
    if rhythm.median_days_off is None:
        return Block("When they buy next", ["Too little was bought to judge it."])
    return Block(
        "When they buy next",
        [
            (
                f"Tried in the same way: of {count(rhythm.expected)} customers with an expected day, "
                f"{count(rhythm.bought_within_horizon)} bought within the horizon, half of them at "
                f"most {number(rhythm.median_days_off, 0)} days from the day expected. The gap of "
                f"all customers alone ({number(rhythm.population_gap_days, 0)} days) would have been "
                f"off by {number(rhythm.median_days_off_by_the_population_gap, 0)}. By the expected "
                f"day {share(rhythm.share_that_came_by_the_expected_day, 0)} had come; it is the day "
                "by which half should."
            ),
        ],
    )
