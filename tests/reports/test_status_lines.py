from datetime import date
from typing import Any

from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport, SealedClaim
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.reports.status_lines import tell_champion, tell_claim, tell_data, tell_due
from tests.reports.inputs import finding, funnel, validation

TAKE_UPS = Figure(value=32.4, low=-2.3, high=66.6)
SEALED = SealedClaim(
    wave="w20260201",
    as_of_date=date(2026, 2, 1),
    campaign_share=0.1,
    treated_customers=9431,
    take_ups=TAKE_UPS,
    profit_cents=TAKE_UPS,
    origins={},
)


def monitoring(*findings: dict[str, Any], **changes: Any) -> MonitoringReport:
    interval = {"value": 0.7816, "low": 0.77, "high": 0.79}
    content = {
        "model": "up_sell",
        "champion": {"name": "up_sell", "kind": "blend", "version": "abcdef123456"},
        "scoring_as_of_date": "2026-03-01",
        "champion_since": "2026-02-01",
        "age_days": 28,
        "outcomes_as_of_date": "2026-02-01",
        "rows": 51876,
        "positives": 1981,
        "auc": interval,
        "calibration_slope": interval,
        "ece": interval,
        "drift": None,
        "findings": findings,
        "is_retraining_due": any(not one["holds"] for one in findings),
        "is_fit_to_score": True,
    }
    return MonitoringReport.model_validate(content | changes)


def test_a_champion_is_told_with_its_age_in_days_of_data() -> None:
    assert tell_champion("up_sell", monitoring()) == (
        "champion     up_sell: up_sell abcdef123456, since the data of 2026-02-01, 28 days of data "
        "ago; AUC 0.782 on 1,981 outcomes after 2026-02-01"
    )
    unknown = tell_champion("up_sell", monitoring(champion_since=None, age_days=None))
    assert "since when is not on file" in unknown
    assert "nothing is on file" in tell_champion("up_sell", None)


def test_the_last_wave_stands_beside_what_it_claims_and_what_came_of_it() -> None:
    claimed = "w20260201: 9,431 contacted, claims 32 (-2 to 67) take-ups"
    assert tell_claim(SEALED, None) == f"last wave    {claimed}, not measured yet"
    measured = {
        "wave": "w20260201",
        "as_of_date": "2026-02-01",
        "claimed": TAKE_UPS,
        "measured": {"value": 120.0, "low": 100.0, "high": 140.0},
        "claimed_profit_cents": TAKE_UPS,
        "measured_profit_cents": TAKE_UPS,
        "is_held": False,
    }
    report = ClaimsReport.model_validate({"waves": (measured,), "consecutive_misses": 1})
    assert tell_claim(SEALED, report) == (
        f"last wave    {claimed}, measured 120 (100 to 140), which does not agree"
    )
    assert tell_claim(None, None) == "last wave    none was sealed"


def test_the_data_are_as_fresh_as_the_days_since_the_last_wave() -> None:
    assert tell_data(validation(), funnel(), SEALED) == (
        "data         passed, cover to 2026-02-28; w20260301 is decided for 2026-03-01, 28 days "
        "after the last wave"
    )
    assert tell_data(None, None, None) == "data         none were validated"


def test_what_is_due_is_told_with_its_reason_and_the_command() -> None:
    old = monitoring(finding("young_enough", "It is old.", holds=False))
    assert tell_due([old], ("up_sell",), funnel(), SEALED) == [
        "due          retraining of up_sell: It is old. The next make monthly trains it",
        "due          w20260301 is decided and not sealed: make seal when it is sent",
    ]
    sent = SEALED.model_copy(update={"wave": "w20260301"})
    (frozen,) = tell_due([old], (), funnel(), sent)
    assert frozen == (
        "due          retraining of up_sell: It is old. It is frozen: name it in retraining.models "
        "of params.yaml, and make monthly trains it"
    )
    assert tell_due([monitoring()], ("up_sell",), funnel(), sent) == [
        "due          nothing until new data come: make monthly"
    ]
    assert tell_due([], ("up_sell",), None, None) == ["due          a first wave: make monthly"]
