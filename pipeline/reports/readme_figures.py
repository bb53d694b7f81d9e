"""The figures that the README shows, from the evaluation of each model: nobody types them."""

from collections.abc import Mapping
from typing import Any

from pipeline.reports import words

FIGURES: Mapping[str, tuple[str, str]] = {
    "auc": ("AUC", ".3f"),
    "average_precision": ("average precision", ".3f"),
    "log_loss": ("log loss", ".4f"),
    "lift_at_10": ("lift@10%", ".2f"),
}
ORDER = ("truth", "model", "logistic", "association", "base_rate", "recency", "rfm")
START, END = "<!-- figures: `make figures` writes them -->", "<!-- end of figures -->"


def put_figures(readme: str, evaluations: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the README with the tables between its two marks made anew.

    Args:
        readme: its text.
        evaluations: model → reports/evaluation/<model>.json.
    """
    tables = "\n".join(_describe(model, found) for model, found in evaluations.items())
    return put_between(readme, START, END, tables)


def put_between(readme: str, start: str, end: str, tables: str) -> str:
    """Return the README with other tables between two marks."""
    before, rest = readme.split(start)
    after = rest.split(end)[1]
    return f"{before}{start}\n\n{tables}\n{end}{after}"


def _describe(model: str, evaluation: Mapping[str, Any]) -> str:
    scorers = evaluation["scorers"]
    base_rate = scorers["model"]["base_rate"]["value"]
    header = ["scorer", *(title for title, _ in FIGURES.values())]
    lines = [
        [
            _name(name),
            *(_cell(scorers[name][figure], form) for figure, (_, form) in FIGURES.items()),
        ]
        for name in ORDER
        if name in scorers
    ]
    rows = [header, ["---"] * len(header), *lines]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return (
        f"**{words.TITLES[model]}**: {evaluation['rows']:,} eligible rows, {evaluation['positives']:,} "
        f"outcomes, base rate {base_rate:.2%}.\n\n{table}\n{_limits(scorers, evaluation)}\n"
    )


def _name(scorer: str) -> str:
    name = words.scorer(scorer)
    return f"**{name}**" if scorer == "model" else name


def _cell(figure: Mapping[str, float], form: str) -> str:
    value, low, high = (format(figure[part], form) for part in ("value", "low", "high"))
    return f"{value} <sub>{low}–{high}</sub>"


def _limits(scorers: Mapping[str, Any], evaluation: Mapping[str, Any]) -> str:
    model = scorers["model"]
    share = model["ece"]["value"] / model["base_rate"]["value"]
    slope = _cell(model["calibration_slope"], ".2f")
    said = f"Calibration slope {slope}; calibration error {share:.0%} of the base rate."
    achieved = evaluation["achievable_gain_share"].get("log_loss", {}).get("value")
    if achieved is None:
        return said
    return f"{said} Of the way from the base rate to the truth in log loss: {achieved:.0%}."
