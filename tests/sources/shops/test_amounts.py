import pandas as pd

from pipeline.sources.files.shops.amounts import divide, to_cents


def test_shares_of_an_order_add_up_to_it_and_orders_do_not_mix() -> None:
    orders = pd.Series(["a", "a", "a", "b", "b"])
    shares = divide(pd.Series([1000.0, 1000, 1000, 500, 500]), pd.Series([1.0, 1, 1, 0, 0]), orders)
    assert shares.tolist() == [333, 334, 333, 0, 0]  # rounded up to: 333.3, 666.7, 1000


def test_shares_are_in_proportion_to_the_weights() -> None:
    shares = divide(pd.Series([999.0, 999.0]), pd.Series([2000.0, 1000.0]), pd.Series(["a", "a"]))
    assert shares.tolist() == [666, 333]


def test_amounts_of_six_decimals_are_the_nearest_cent() -> None:
    assert to_cents(pd.Series([16.520661, 19.99, 0.005001])).tolist() == [1652, 1999, 1]
