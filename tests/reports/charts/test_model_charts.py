"""Drawings are SVG with text that stays text, and the same bytes for the same data."""

import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.charts import model_charts
from tests.reports.inputs import plots

TABLES = plots()
EDGES = np.geomspace(0.01, 0.5, 5)
COUNTS = np.array([4, 3, 2, 1])
RATIOS = pd.DataFrame(
    {
        "category": ["tea", "loan"],
        "ratio": [0.7, 1.1],
        "low": [0.5, 0.8],
        "high": [0.9, 1.5],
        "differs": [True, False],
    }
)
FAMILIES = pd.Series({"surveys": 0.7, "product_history": 0.3})


DRAWN: dict[str, Callable[[], str]] = {
    "gain": lambda: model_charts.draw_gain(TABLES["gain"], "up_sell"),
    "lift": lambda: model_charts.draw_lift(TABLES["lift_by_decile"], "up_sell"),
    "calibration": lambda: model_charts.draw_calibration(TABLES["calibration"], "up_sell"),
    "comparison": lambda: model_charts.draw_comparison(
        TABLES["baselines"], "average_precision", "AP", "up_sell"
    ),
    "forest": lambda: model_charts.draw_forest(RATIOS, "up_sell"),
    "importance": lambda: model_charts.draw_importance(FAMILIES, "up_sell"),
    "distribution": lambda: model_charts.draw_distribution(EDGES, COUNTS, 0.1, "up_sell"),
}


def draw(name: str) -> str:
    return DRAWN[name]()


NAMES = tuple(DRAWN)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_has_the_same_bytes_every_time(name: str) -> None:
    assert draw(name) == draw(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_svg_that_names_no_date_and_no_other_address(name: str) -> None:
    svg = draw(name)
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own text
    assert "<dc:date>" not in svg
    assert "@import" not in svg
    assert 'href="http' not in svg.replace('xlink:href="#', "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gain", ["Trained model", "Recency, frequency, value", "Truth (known to the simulator)"]),
        ("lift", ["Tenth of the eligible customers, 1 is best", "3.2"]),
        ("calibration", ["Predicted propensity", "Observed share"]),
        ("comparison", ["Trained model", "AP"]),
        ("importance", ["Surveys", "70%", "Product history", "30%"]),
        ("distribution", ["Propensity"]),
    ],
)
def test_a_drawing_says_what_it_shows(name: str, words: list[str]) -> None:
    svg = draw(name)
    for word in words:
        assert word in svg


def test_a_source_without_a_known_truth_is_drawn_without_it() -> None:
    gain = TABLES["gain"]
    assert "Truth" not in model_charts.draw_gain(gain[gain["scorer"] != "truth"], "up_sell")


def test_pooled_categories_leave_room_for_the_drawing() -> None:
    pooled = " + ".join(f"category_{number}" for number in range(12))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a layout without room for its axes
        svg = model_charts.draw_forest(RATIOS.assign(category=["tea", pooled]), "up_sell")
    assert "Category 0 + … (12)" in svg
    assert "category 11" not in svg
