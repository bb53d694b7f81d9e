"""The figures that docs/quality.md shows, from the evaluation of each model: nobody types them."""

from collections.abc import Mapping

from pipeline.evaluation.calibration_cells import tell_cells
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.reports.formatting import UNKNOWN, share
from pipeline.reports.names import TITLES, scorer

FIGURES: Mapping[str, tuple[str, str]] = {
    "auc": ("AUC", ".3f"),
    "average_precision": ("average precision", ".3f"),
    "log_loss": ("log loss", ".4f"),
    "lift_at_10": ("lift@10%", ".2f"),
}
ORDER = ("truth", "model", "logistic", "association", "base_rate", "recency", "rfm")
START, END = "<!-- figures: `make figures` writes them -->", "<!-- end of figures -->"


def put_figures(readme: str, evaluations: Mapping[str, EvaluationReport]) -> str:
    """Return the page with the tables between its two marks made anew.

    Args:
        readme: its text.
        evaluations: model → reports/evaluation/<model>.json.
    """
    tables = "\n".join(_describe(model, found) for model, found in evaluations.items())
    return put_between(readme, START, END, tables)


def put_between(readme: str, start: str, end: str, tables: str) -> str:
    """Return the page with other tables between two marks."""
    before, rest = readme.split(start)
    after = rest.split(end)[1]
    return f"{before}{start}\n\n{tables}\n{end}{after}"


def _describe(model: str, evaluation: EvaluationReport) -> str:
    scorers = evaluation.scorers
    header = ["scorer", *(title for title, _ in FIGURES.values())]
    lines = [
        [
            _name(name),
            *(_cell(scorers[name].figure(figure), form) for figure, (_, form) in FIGURES.items()),
        ]
        for name in ORDER
        if name in scorers
    ]
    rows = [header, ["---"] * len(header), *lines]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return (
        f"**{TITLES[model]}**: {evaluation.rows:,} eligible rows, {evaluation.positives:,} "
        f"outcomes, base rate {share(evaluation.trained.base_rate.value, 2)}.\n\n{table}\n{_tell_calibration(evaluation)}\n"
    )


def _name(name: str) -> str:
    title = scorer(name)
    return f"**{title}**" if name == "model" else title


def _cell(figure: Figure, form: str) -> str:
    value, low, high = (
        UNKNOWN if one is None else format(one, form)
        for one in (figure.value, figure.low, figure.high)
    )
    return f"{value} <sub>{low}–{high}</sub>"


def _tell_calibration(evaluation: EvaluationReport) -> str:
    model = evaluation.trained
    slope = _cell(model.calibration_slope, ".2f")
    said = (
        f"Calibration slope {slope}; calibration error (ECE) "
        f"{share(_ratio(model.ece, model.base_rate), 0)} of the base rate."
    )
    achievable = evaluation.achievable_gain_share
    achieved = achievable.log_loss.value if achievable else None
    sentences = [said]
    if achieved is not None:
        sentences.append(f"Of the way from the base rate to the truth in log loss: {achieved:.0%}.")
    return " ".join([*sentences, *filter(None, [tell_cells(evaluation.cells)])])


def _ratio(part: Figure, whole: Figure) -> float | None:
    return part.value / whole.value if part.value is not None and whole.value else None
