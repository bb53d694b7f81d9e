"""summary: what a run came to, and what to look at.

    python -m pipeline.commands.summary

`make repro` ends with it.
"""

import sys

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.reports.formatting import count, number
from pipeline.reports.names import TITLES, scorer


def main() -> None:
    """Write the summary to standard output."""
    params = config.load()
    funnel = read_document(paths.FUNNEL, FunnelReport)
    lines = [
        *(_tell_model(model) for model in params.models),
        _tell_wave(funnel),
        funnel.claim.statement,
        *_look_at(params),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _tell_model(name: str) -> str:
    evaluation = read_document(paths.EVALUATION_REPORTS / f"{name}.json", EvaluationReport)
    verdict = read_document(paths.VERDICTS / f"{name}.json", PromotionVerdict)
    found = evaluation.trained
    return (
        f"{TITLES.get(name, name)}: AUC {number(found.auc.value)}, lift "
        f"{number(found.lift_at_10.value, 1)} in the top tenth; "
        f"scored by {scorer(verdict.scored_by).lower()}"
    )


def _tell_wave(funnel: FunnelReport) -> str:
    return f"Wave {funnel.wave}: {count(funnel.offers.sent)} of {count(funnel.customers)} customers"


def _look_at(params: Params) -> list[str]:
    files = [f"{paths.EXPORTS / profile}/" for profile in params.exports.profiles]
    return [
        f"Look at  {paths.CAMPAIGN_PAGE} (the campaign), {paths.MODELS_PAGE} (the models)",
        f"Load     {', '.join(files)}",
        "Compare  make ui",
    ]


if __name__ == "__main__":
    run(main)
