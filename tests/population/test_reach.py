from datetime import date

import pandas as pd

from pipeline.population.reach import NOWHERE, Reach, reach_back

USUAL = (date(2025, 6, 1), date(2025, 7, 1))
OLDER = (date(2025, 5, 1), date(2025, 4, 1), date(2025, 3, 1))


def outcomes(**by_category: list[int]) -> pd.DataFrame:
    """Return category × date: the two usual dates, and then three older ones, the newest first."""
    found = pd.DataFrame.from_dict(by_category, orient="index", columns=[*USUAL, *OLDER])
    return found.rename_axis("category")


def test_the_usual_dates_suffice_where_every_category_has_enough() -> None:
    enough = outcomes(tv=[2, 1, 9, 9, 9], tea=[3, 0, 9, 9, 9])
    assert reach_back(enough, USUAL, OLDER, 3) == NOWHERE


def test_dates_are_added_until_the_last_category_that_can_have_enough_has_them() -> None:
    # tv has 3 at once; tea 1 + 1 one back, 1 + 1 + 1 two back; fax 1 in all the data.
    found = reach_back(
        outcomes(tv=[2, 1, 1, 0, 0], tea=[1, 0, 1, 1, 0], fax=[0, 0, 0, 1, 0]), USUAL, OLDER, 3
    )
    assert found == Reach(OLDER[:2], {"tea": 1})


def test_a_category_that_all_the_data_leave_short_brings_no_date() -> None:
    assert reach_back(outcomes(tv=[2, 1, 1, 1, 1], fax=[0, 0, 1, 0, 1]), USUAL, OLDER, 3) == NOWHERE


def test_all_dates_count_where_no_category_can_have_enough() -> None:
    few = outcomes(tv=[1, 0, 0, 1, 0], fax=[0, 0, 0, 0, 0])
    assert reach_back(few, USUAL, OLDER, 3) == Reach(OLDER, {"fax": 0, "tv": 1})
    assert reach_back(few[[*USUAL]], USUAL, (), 3) == NOWHERE


def test_the_farther_reach_of_two_models_holds_for_both() -> None:
    near, far = Reach(OLDER[:1], {"tv": 2}), Reach(OLDER[:3], {"tea": 0})
    assert near.together_with(far) == Reach(OLDER[:3], {"tv": 2, "tea": 0})
    assert far.together_with(NOWHERE) == far
