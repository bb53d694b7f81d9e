"""Drawings are SVG with text that stays text, and the same bytes for the same data."""

import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.charts import model_charts
from tests.reports.inputs import plots

TABLES = plots()
EDGES = np.geomspace(0.01, 0.5, 5)
COUNTS = np.array([4, 3, 2, 1])
FAMILIES = pd.Series({"surveys": 0.7, "product_history": 0.3})


def draw(name: str) -> str:
    match name:
        case "gain":
            return model_charts.draw_gain(TABLES["gain"], "up_sell")
        case "lift":
            return model_charts.draw_lift(TABLES["lift_by_decile"], "up_sell")
        case "calibration":
            return model_charts.draw_calibration(TABLES["calibration"], "up_sell")
        case "comparison":
            return model_charts.draw_comparison(
                TABLES["baselines"], "average_precision", "AP", "up_sell"
            )
        case "importance":
            return model_charts.draw_importance(FAMILIES, "up_sell")
        case _:
            return model_charts.draw_distribution(EDGES, COUNTS, 0.1, "up_sell")


NAMES = ("gain", "lift", "calibration", "comparison", "importance", "distribution")


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
