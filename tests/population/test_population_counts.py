import pandas as pd

from pipeline.population.population_counts import thinned_in_words

OUTCOMES = {"fax": 90, "tea": 2000, "tv": 400}


def words(**drawn: int) -> str | None:
    left = pd.DataFrame({"category": [*drawn], "outcomes": [*drawn.values()]})
    return thinned_in_words(OUTCOMES, left, 200)


def test_a_category_that_the_draw_leaves_too_few_outcomes_is_named() -> None:
    # Of fax there were too few before.
    told = words(tea=500, tv=110, fax=20)
    assert told is not None
    assert "training outcomes of tv (110 of 400): " in told
    assert "snapshots.most_customers" in told


def test_a_category_whose_outcomes_were_all_left_out_is_named() -> None:
    assert "tea (0 of 2,000)" in str(words(tv=200))


def test_nothing_is_said_where_enough_are_drawn() -> None:
    assert words(tea=500, tv=200) is None
