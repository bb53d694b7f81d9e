"""What `decide` says of a wave: the decision funnel, and the figures that two waves are compared by."""

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.io.documents import write_document
from pipeline.offers.wave_claim import headline_of


def write_wave_report(report: FunnelReport) -> None:
    """Write reports/funnel.json and reports/metrics/wave.json, flat for `dvc metrics`."""
    write_document(report, paths.FUNNEL)
    write_document(headline_of(report.claim), paths.METRICS / "wave.json")
