"""What larger companies take is told by straight lines through what was measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scale.costs import Cost
from benchmarks.scale.growth import first_to_break, growth_of
from benchmarks.scale.stages import stages_of
from pipeline.foundation import config


def cost(stage: str, customers: int, cpu_seconds: float, peak_mb: float) -> Cost:
    return Cost(stage, customers, 1.0, cpu_seconds, peak_mb, 1.0, 1.0, 0.1)


COSTS = [
    cost("flat", 20_000, 5, 500),
    cost("steep", 40_000, 40, 2000),
    cost("flat", 40_000, 10, 500),
    cost("steep", 20_000, 10, 1000),
]


def test_the_exponent_is_that_of_the_two_largest_sizes() -> None:
    assert [growth.exponent for growth in growth_of(COSTS)] == pytest.approx([1, 2])
    assert growth_of(COSTS[:1])[0].exponent is None


def test_growth_is_told_of_companies_with_as_much_history() -> None:
    # The largest has half the rows a customer: how its seconds compare says nothing of growth.
    rows = {20_000: 2_000_000, 40_000: 4_000_000, 400_000: 20_000_000}
    seconds = {20_000: 5, 40_000: 10, 400_000: 60}
    costs = [
        replace(cost("features", size, seconds[size], 500), rows=count)
        for size, count in rows.items()
    ]
    (growth,) = growth_of(costs)
    assert growth.exponent == pytest.approx(1)
    assert growth.cpu_hours(4_000_000) == pytest.approx(600 / 3600)


def test_small_companies_say_nothing_of_large_ones() -> None:
    (growth,) = growth_of([cost("ingest", 5_000, 2, 300), cost("ingest", 20_000, 8, 1200)])
    assert growth.exponent is None
    assert growth.mb_a_thousand == 0


def test_a_peak_stands_on_the_line_and_time_grows_as_it_did() -> None:
    flat, steep = growth_of(COSTS)
    assert flat.peak_gb(1_000_000) == 0.5
    assert steep.peak_gb(140_000) == pytest.approx(2.0 + 0.05 * 100)  # 50 MB a thousand
    assert flat.cpu_hours(400_000) == pytest.approx(100 / 3600)
    assert steep.cpu_hours(400_000) == pytest.approx(4000 / 3600)


def test_what_a_laptop_cannot_hold_is_named() -> None:
    assert first_to_break(growth_of(COSTS), 140_000) == {}
    assert list(first_to_break(growth_of(COSTS), 1_000_000)) == ["steep"]


def test_every_stage_comes_after_those_whose_files_it_reads(
    request: pytest.FixtureRequest,
) -> None:
    root: Path = request.config.rootpath
    names = [one.name for one in stages_of(root / "dvc.yaml", config.load(root / "params.yaml"))]
    assert names.index("measure") < names.index("effects") < names.index("decide")
    assert names.index("train@up_sell") < names.index("evaluate@up_sell") < names.index("score")
    assert "track" not in names
