from dataclasses import fields

from pipeline.foundation.contracts.columns import Column
from pipeline.foundation.contracts.tables import RAW_TABLES, Table, raw_tables
from pipeline.validation.row_rules import COLUMN_RULES, rules_of

CONTRACT = raw_tables({})
NO_RULES = {"name", "required", "personal", "is_past", "row_faults"}
RULE_OF_ATTRIBUTE = {
    "type": "unparsed",
    "nullable": "not_null",
    "pattern": "pattern",
    "allowed": "allowed",
    "minimum": "range",
    "maximum": "range",
    "not_before": "not_before",
    "references": "references",
}


def kinds_of(column: Column) -> set[str]:
    return {rule.kind for rule in rules_of(Table("t", "a row", key=(), columns=(column,)))}


def test_every_attribute_of_a_column_has_a_rule() -> None:
    attributes = {field.name for field in fields(Column)} - NO_RULES
    assert attributes == set(RULE_OF_ATTRIBUTE)
    assert {kind for kind, _ in COLUMN_RULES} == set(RULE_OF_ATTRIBUTE.values())


def test_an_attribute_that_is_set_brings_its_rule_and_no_other() -> None:
    assert kinds_of(Column("c", "text")) == {"unparsed"}
    assert kinds_of(Column("c", "text", nullable=False)) == {"unparsed", "not_null"}
    assert kinds_of(Column("c", "text", pattern="a+")) == {"unparsed", "pattern"}
    assert kinds_of(Column("c", "text", allowed=("a",))) == {"unparsed", "allowed"}
    assert kinds_of(Column("c", "integer", minimum=0)) == {"unparsed", "range"}
    assert kinds_of(Column("c", "integer", maximum=0)) == {"unparsed", "range"}
    assert kinds_of(Column("c", "date", not_before="d")) == {"unparsed", "not_before"}
    assert kinds_of(Column("c", "text", references="t.d")) == {"unparsed", "references"}


def test_rules_are_asked_from_unreadable_to_unique() -> None:
    order = [kind for kind, _ in COLUMN_RULES] + ["after_coverage", "unique"]
    for table in RAW_TABLES:
        asked = [order.index(rule.kind) for rule in rules_of(table)]
        assert asked == sorted(asked)


def test_a_rule_is_named_by_its_kind_and_columns() -> None:
    names = [rule.name for rule in rules_of(CONTRACT["consents"])]
    assert names == [
        "unparsed:customer_id",
        "unparsed:channel",
        "unparsed:granted",
        "unparsed:changed_at",
        "not_null:customer_id",
        "not_null:channel",
        "not_null:granted",
        "not_null:changed_at",
        "pattern:customer_id",
        "range:changed_at",
        "references:customer_id",
        "after_coverage:changed_at",
        "unique:customer_id+channel+changed_at",
    ]


def test_moments_filled_in_later_are_held_against_the_coverage_and_known_at_is_not() -> None:
    late = [rule.columns[0] for rule in rules_of(CONTRACT["surveys"]) if "after" in rule.name]
    assert late == ["sent_at", "answered_at"]


def test_a_customer_attribute_from_the_parameters_is_read_by_its_type() -> None:
    table = raw_tables({"shoe_size": "number"})["customers"]
    assert "unparsed:shoe_size" in {rule.name for rule in rules_of(table)}
