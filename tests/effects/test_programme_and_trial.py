"""The training programme: observational controls against the trial's own answer.

NSW and CPS as packaged by `causaldata` (Dehejia and Wahba, 1999): 185 treated men, 260 randomised
controls, and 15,992 men of a survey who were not in the programme.
"""

import pandas as pd
import pytest

from pipeline.effects.balance import balance
from pipeline.effects.comparison import compare_arms
from pipeline.effects.doubly_robust import effect_on_treated
from pipeline.effects.nuisance import Fitting
from pipeline.effects.rows import treatment_rows

causaldata = pytest.importorskip("causaldata")
COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


def test_the_doubly_robust_estimate_holds_the_answer_of_the_trial() -> None:
    trial = causaldata.nsw_mixtape.load_pandas().data
    survey = causaldata.cps_mixtape.load_pandas().data
    treated = trial[trial["treat"] == 1]
    answer = treated["re78"].mean() - trial.loc[trial["treat"] == 0, "re78"].mean()
    assert answer == pytest.approx(1794.3, abs=0.1)

    rows = pd.concat([treated, survey], ignore_index=True)
    naive = treated["re78"].mean() - survey["re78"].mean()
    assert naive < -8000  # the survey's men earn far more: confounding turns the sign

    found, overlaps, covariates = compare_arms(
        treatment_rows(rows[COVARIATES], rows["treat"], rows["re78"]), Fitting(seed=1)
    )
    estimate = effect_on_treated(found)
    low, high = estimate.interval()
    assert low < answer < high
    assert abs(estimate.value - answer) < 700
    assert overlaps["treated"].kept_untreated < 8000  # most of the survey has no counterpart
    weighed = balance(found, covariates)
    assert weighed is not None
    assert weighed.largest_before > 1
    assert weighed.largest_after < 0.3
