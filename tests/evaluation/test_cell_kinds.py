import numpy as np

from pipeline.evaluation.cell_kinds import kind_of, pool_small, tenure_bands, value_bands


def expecting(*outcomes: float) -> np.ndarray:
    """Return what each row adds, one row a part."""
    return np.array(outcomes)


def test_a_small_part_of_an_ordered_kind_is_pooled_with_its_neighbour() -> None:
    # 4 of decile 10 join the run before it; 9 and 12 reach 20 together.
    kind = kind_of(np.array([7, 8, 9, 10]), is_ordered=True)
    pooled = pool_small(kind, expecting(9, 12, 30, 4))
    assert pooled.names == ("7 to 8", "9 to 10")
    assert pooled.codes.tolist() == [0, 0, 1, 1]


def test_small_categories_are_pooled_with_one_another_and_large_ones_stand_alone() -> None:
    kind = kind_of(np.array(["card", "loan", "soap", "tea", None], dtype=object), is_ordered=False)
    pooled = pool_small(kind, expecting(60, 70, 8, 9, 99))
    assert pooled.names == ("card", "loan", "soap + tea")
    assert pooled.codes.tolist() == [0, 1, 2, 2, -1]


def test_what_is_small_even_together_stays_one_part() -> None:
    kind = kind_of(np.array([1, 2]), is_ordered=True)
    assert pool_small(kind, expecting(3, 4)).names == ("1 to 2",)


def test_tenure_counts_whole_years_and_an_unknown_one_is_in_no_band() -> None:
    kind = tenure_bands(np.array([365.0, 366.0, 1461.0, np.nan]))
    assert [kind.names[code] if code >= 0 else None for code in kind.codes] == [
        "below 1 year",
        "1 to 2 years",
        "4 years or more",
        None,
    ]


def test_equal_spend_stays_in_one_band() -> None:
    # Seven of ten spent nothing, so that the edges of the fifths are 0, 0, 0 and 20.
    kind = value_bands(np.array([0.0] * 7 + [10.0, 20.0, 30.0]))
    assert len(set(kind.codes[:7].tolist())) == 1
    assert kind.codes[7:].tolist() == [1, 2, 2]


def test_without_spend_there_are_no_bands() -> None:
    kind = value_bands(np.full(3, np.nan))
    assert kind.names == ()
    assert pool_small(kind, expecting(1, 1, 1)).codes.tolist() == [-1, -1, -1]
