import numpy as np

from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.pasts.fits import FitPlan, best_number_of_trees, fit_pasts
from pipeline.models.pasts.rolling import Past
from pipeline.models.tuning.search import TunedParams
from tests.models.tables import table


def test_the_number_of_trees_is_the_one_that_is_best_on_average() -> None:
    early = np.array([0.5, 0.3, 0.4, 0.6])
    late = np.array([0.5, 0.45, 0.35, 0.34])
    assert best_number_of_trees([early]) == 2
    assert best_number_of_trees([late]) == 4
    assert best_number_of_trees([early, late]) == 2  # means .500 .375 .375 .470: the fewer


def test_a_past_that_stopped_early_counts_with_its_last_loss_from_there_on() -> None:
    stopped, longer = np.array([0.5, 0.4, 0.41]), np.array([0.5, 0.45, 0.4, 0.38])
    assert best_number_of_trees([stopped, longer]) == 4  # .500 .425 .405 .395


def test_the_losses_are_those_of_the_trees_that_were_kept() -> None:
    past = Past(table(2000, 1).examples, table(2000, 2).examples)
    tuned = TunedParams(BoostingParams(num_leaves=4, learning_rate=0.2), 20, 0.3)
    (fit,) = fit_pasts([past], FitPlan(tuned, seed=1, threads=1))
    assert len(fit.losses) == fit.trees.booster.trees
    best = best_number_of_trees([fit.losses])
    stated = 1 / (1 + np.exp(-fit.trees.first(best).raw(past.held_out.features)))
    labels = past.held_out.labels
    loss = -np.log(np.where(labels == 1, stated, 1 - stated)).mean()
    assert abs(loss - fit.losses[best - 1]) < 1e-6
