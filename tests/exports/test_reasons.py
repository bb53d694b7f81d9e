"""Reasons become sentences of the customer's best category."""

import pyarrow as pa

from pipeline.exports.reasons import add_reasons


def customers(**categories: str | None) -> pa.Table:
    return pa.table(
        {
            "customer_id": pa.array(categories, pa.string()),
            "up_sell_category": pa.array(categories.values(), pa.string()),
        }
    )


def reasons(*rows: tuple[str, str, int, str, str | None]) -> pa.Table:
    names = ["customer_id", "category", "position", "feature", "value"]
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    return table.append_column("model", pa.repeat("up_sell", len(rows)))


def sentence(feature: str, value: str | None, _category: str) -> str:
    return f"{feature} is {'unknown' if value is None else repr(value)}."


def test_each_position_has_its_column_and_the_rest_stays_empty() -> None:
    given = reasons(("a", "loan", 1, "visits", "3"), ("a", "loan", 2, "age", "41"))
    table = add_reasons(customers(a="loan", b=None), given, ["up_sell"], 3, sentence)
    assert table["up_sell_reason_1"].to_pylist() == ["visits is '3'.", None]
    assert table["up_sell_reason_2"].to_pylist() == ["age is '41'.", None]
    assert table["up_sell_reason_3"].to_pylist() == [None, None]


def test_a_missing_value_is_not_an_empty_one() -> None:
    given = reasons(("a", "loan", 1, "visits", None), ("b", "loan", 1, "visits", ""))
    table = add_reasons(customers(a="loan", b="loan"), given, ["up_sell"], 1, sentence)
    assert table["up_sell_reason_1"].to_pylist() == ["visits is unknown.", "visits is ''."]


def test_a_reason_for_another_category_is_left_out() -> None:
    given = reasons(("a", "mobile", 1, "visits", "3"))
    table = add_reasons(customers(a="loan"), given, ["up_sell"], 1, sentence)
    assert table["up_sell_reason_1"].to_pylist() == [None]


def test_positions_beyond_the_asked_number_are_left_out() -> None:
    given = reasons(("a", "loan", 1, "visits", "3"), ("a", "loan", 2, "age", "41"))
    table = add_reasons(customers(a="loan"), given, ["up_sell"], 1, sentence)
    assert [name for name in table.column_names if "reason" in name] == ["up_sell_reason_1"]


def test_what_many_customers_share_is_worded_once() -> None:
    asked: list[tuple[str, str | None, str]] = []

    def counted(feature: str, value: str | None, category: str) -> str:
        asked.append((feature, value, category))
        return sentence(feature, value, category)

    given = reasons(
        ("a", "loan", 1, "visits", "3"),
        ("b", "loan", 1, "visits", "3"),
        ("c", "tv", 1, "visits", "3"),
    )
    add_reasons(customers(a="loan", b="loan", c="tv"), given, ["up_sell"], 1, counted)
    assert sorted(asked) == [("visits", "3", "loan"), ("visits", "3", "tv")]
