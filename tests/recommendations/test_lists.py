"""Rankings, similar customers, bars and the order of lists."""

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.recommendations.associations.baskets import incidence
from pipeline.recommendations.lists.assembly import (
    Bar,
    Barred,
    HeldTiers,
    ListLimits,
    OffShelf,
    assemble,
    permitted,
)
from pipeline.recommendations.lists.manual_selection import choice
from pipeline.recommendations.lists.ranked import favourite, look_up, ranking
from pipeline.recommendations.lists.similar import cosine_similarity, most_alike


def codes(*rows: list[int]) -> "np.ndarray[tuple[int, ...], np.dtype[np.int32]]":
    return np.array(rows, dtype=np.int32)


def line(*some: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int32]]":
    return np.array(some, dtype=np.int32)


def test_a_ranking_shows_the_best_of_each_key_and_the_lower_code_of_equals() -> None:
    made = ranking(line(0, 0, 0, 1), line(7, 5, 6, 9), np.array([2, 2, 3, 1]), key_count=3, depth=2)
    assert made.tolist() == [[6, 5], [9, -1], [-1, -1]]


def test_products_without_a_key_are_in_no_ranking() -> None:
    assert ranking(line(-1), line(4), np.ones(1), key_count=1, depth=1).tolist() == [[-1]]


def test_who_has_no_key_is_shown_nothing() -> None:
    assert look_up(codes([1, 2]), line(0, -1)).tolist() == [[1, 2], [-1, -1]]


def test_a_favourite_is_what_there_is_most_of() -> None:
    rows = pd.DataFrame({"customer": [0, 0, 0, 2], "key": [1, 1, 0, -1], "n": [2, 2, 3, 9]})
    assert favourite(rows, "key", ["n"], 3).tolist() == [1, -1, -1]


def test_similar_customers_lead_to_what_they_also_bought() -> None:
    ones = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 0]])
    row, column = np.nonzero(ones)
    bought = incidence(row, column, (4, 3))
    alike = cosine_similarity((bought.T @ bought).toarray())
    assert alike[0, 1] == pytest.approx(2 / np.sqrt(6))
    assert most_alike(bought, alike, line(10, 11, 12), depth=2)[3].tolist() == [11, -1]


def test_nobody_is_shown_what_is_barred_off_the_shelf_or_no_step_up() -> None:
    rows = pd.DataFrame({"customer": [0], "product": [1]})
    category, tier = line(0, 0, 0, -1), np.array([1, 2, 3, 1])
    bars: list[Bar] = [
        Barred.of(rows, 4),
        HeldTiers.of(rows, category, tier),
        OffShelf(np.array([True, True, True, False])),
    ]
    offered = codes([0, 1, 2, 3], [0, 1, 2, 3])
    cleared = permitted(offered, bars)
    assert cleared.tolist() == [[-1, -1, 2, -1], [0, 1, 2, -1]]


def test_lists_give_in_turn_then_fill_and_no_product_twice() -> None:
    first, second = codes([1, 2, 3, 4]), codes([2, 3, 9, -1])
    shown = assemble([first, second], [[0, 1]], line(0), ListLimits(products=5, per_list=1))
    assert shown.products.tolist() == [[1, 2, 3, 4, 9]]
    assert shown.lists.tolist() == [[0, 1, 0, 0, 1]]


def test_each_stage_has_its_own_order() -> None:
    first, second = codes([1], [1]), codes([2], [2])
    shown = assemble([first, second], [[0, 1], [1]], line(0, 1), ListLimits(products=2, per_list=1))
    assert shown.products.tolist() == [[1, 2], [2, -1]]


PRODUCTS = pd.DataFrame({"product_id": ["p1", "p2"]})


def test_a_manual_selection_may_be_for_one_stage() -> None:
    rows = pd.DataFrame({"product_id": ["p2", "p1"], "lifecycle_stage": ["loyal", None]})
    found = choice(rows, PRODUCTS, ["loyal"])
    assert found["product"].tolist() == [1, 0]
    assert found["lifecycle_stage"].isna().tolist() == [False, True]


def test_an_unknown_product_or_stage_in_the_selection_is_refused() -> None:
    with pytest.raises(DataError, match=r"products of the catalogue.*'p9'"):
        choice(pd.DataFrame({"product_id": ["p9"]}), PRODUCTS, ["loyal"])
    with pytest.raises(DataError, match="lifecycle_stage one of loyal; found royal"):
        choice(PRODUCTS.assign(lifecycle_stage="royal"), PRODUCTS, ["loyal"])
