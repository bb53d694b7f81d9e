"""status: who scores and since when, the last wave and its claim, how fresh the data are, what is due.

Ages are in days of data: from one as-of date to another, and never from today.
"""

import sys

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport, SealedClaim
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.reports.status_lines import tell_champion, tell_claim, tell_data, tell_due


def main() -> None:
    """Say how things stand, a line each."""
    params = config.load()
    sys.stdout.write("\n".join(status_lines(params)) + "\n")


def status_lines(params: Params) -> list[str]:
    """Return the lines, from the documents that are there."""
    reports = {
        name: read_document(paths.monitoring(name), MonitoringReport)
        for name in params.models
        if paths.monitoring(name).is_file()
    }
    sealed = sorted(paths.WAVE_CLAIMS.glob("*.json"))
    last = read_document(sealed[-1], SealedClaim) if sealed else None
    claims = read_document(paths.CLAIMS, ClaimsReport) if paths.CLAIMS.is_file() else None
    funnel = read_document(paths.FUNNEL, FunnelReport) if paths.FUNNEL.is_file() else None
    validation = (
        read_document(paths.VALIDATION_REPORT, ValidationReport)
        if paths.VALIDATION_REPORT.is_file()
        else None
    )
    return [
        *(tell_champion(name, reports.get(name)) for name in params.models),
        tell_claim(last, claims),
        tell_data(validation, funnel, last),
        *tell_due(list(reports.values()), params.retraining.models, funnel, last),
    ]


if __name__ == "__main__":
    run(main)
