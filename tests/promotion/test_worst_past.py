from datetime import date

import numpy as np
import pytest

from pipeline.evaluation.replicates import Replicates
from pipeline.foundation.contracts.hand_overs.past_dates import PastDate
from pipeline.promotion.contender import Contender
from pipeline.promotion.gate import pass_gate
from pipeline.promotion.worst_past import check_worst_past
from tests.promotion.evidence import RULES, SOUND
from tests.promotion.test_gate import measured


def past(month: int, difference: float, standard_error: float = 0.001) -> PastDate:
    return PastDate(
        as_of_date=date(2025, month, 1),
        rows=1000,
        positives=50,
        log_losses={"it": 0.1 + difference, "rfm": 0.1},
        best_baseline="rfm",
        difference=difference,
        standard_error=standard_error,
    )


def test_a_model_that_was_better_at_every_date_stands_its_worst() -> None:
    found = check_worst_past((past(1, -0.004), past(2, -0.001), past(3, -0.006)), RULES)
    assert found.holds
    assert found.is_asked
    assert "worst of 3 past dates, 2025-02-01, the model is not significantly worse" in found.reason


def test_a_date_at_which_it_was_surely_worse_refuses_it() -> None:
    # 5% over three dates: one in sixty, 2.128 standard errors.
    assert check_worst_past((past(1, -0.004), past(2, 0.0021), past(3, -0.006)), RULES).holds
    found = check_worst_past((past(1, -0.004), past(2, 0.0022), past(3, -0.006)), RULES)
    assert not found.holds
    assert "is significantly worse than its best baseline there, rfm" in found.reason
    assert "at least +0.000072" in found.reason


def test_the_date_of_least_doubt_is_the_worst_not_that_of_the_greatest_loss() -> None:
    found = check_worst_past((past(1, 0.01, 0.01), past(2, 0.005, 0.001)), RULES)
    assert not found.holds
    assert "2025-02-01" in found.reason


def test_without_past_dates_nothing_is_asked() -> None:
    found = check_worst_past((), RULES)
    assert found.holds
    assert not found.is_asked


@pytest.mark.parametrize(("itself", "holds"), [([], False), (["logistic"], True)])
def test_a_challenger_that_is_the_regression_is_not_asked_to_beat_it(
    itself: list[str], holds: bool
) -> None:
    known = measured({"challenger": 0.2, "base_rate": 5.0})
    figures = Replicates(
        {**known.point, "logistic": known.point["challenger"]},
        {**known.drawn, "logistic": known.drawn["challenger"]},
    )
    found = pass_gate(
        figures,
        "challenger",
        ["base_rate", "logistic"],
        None,
        rules=RULES,
        evidence=SOUND,
        itself=itself,
    )
    assert found.is_passed == holds
    assert np.all([one.holds for one in found.findings if one.rule != "beats_logistic"])


def test_a_regression_under_the_name_of_the_model_is_no_rule() -> None:
    assert not Contender("up_sell", "logistic", "a").is_rule
    assert Contender("logistic", "logistic", "a").is_rule
    assert Contender("up_sell", "group_rate", "a").is_rule
