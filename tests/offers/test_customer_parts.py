import pandas as pd

from pipeline.offers.wave_options import parts_of_customers


def parts(customers: list[str], most: int) -> list[list[str]]:
    rows = pd.DataFrame({"customer_id": pd.array(customers, dtype="str")})
    return [part["customer_id"].tolist() for part in parts_of_customers(rows, most)]


def test_all_rows_of_a_customer_are_in_one_part() -> None:
    assert parts(["a", "a", "b", "c", "c", "d", "e"], 2) == [
        ["a", "a", "b"],
        ["c", "c", "d"],
        ["e"],
    ]


def test_few_customers_are_one_part_and_nobody_is_one_too() -> None:
    assert parts(["a", "b"], 2) == [["a", "b"]]
    assert parts([], 2) == [[]]
