"""Which rules cost a table its rows and values, how often, and which parameter most likely mends it.

The likely parameter is read off the rule, the column's type and one value that broke it; personal
values are never shown.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from pipeline.foundation.contracts.columns import Column, RuleKind
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table

MOST_NAMED = 3
MAPPED_SOURCES = ("files", "database")
OWN_TABLES = "stored"
_DAY = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:([ T])\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(\s?(?:Z|[+-]\d{2}:?\d{2}))?)?"
)
_COMMA_DECIMALS = re.compile(r"[^,]*\d,\d{1,2}\D*")
_POINT_DECIMALS = re.compile(r"[^.]*\d\.\d{1,2}\D*")
_MORE_DECIMALS = re.compile(r"-?\d+[.,]\d{3,}")

Remedy = Callable[[Column, str, str], str]


def tell_causes(
    table: Table, broken: Mapping[str, int], examples: Mapping[str, str], source: str
) -> str:
    """Say in one sentence which rules were broken how often, the likeliest remedy with the first.

    Args:
        table: the contract.
        broken: by rule how often.
        examples: by rule a value that breaks it.
        source: as `source.name`.

    Returns:
        `4 of pattern:phone, 2 of unparsed:birth_date ('31/12/1990'). Most likely: set …`; empty
        where nothing is broken.
    """
    if not broken:
        return ""
    ranked = sorted(broken, key=lambda rule: (-broken[rule], rule))
    named = [_name(rule, broken[rule], examples.get(rule)) for rule in ranked[:MOST_NAMED]]
    further = len(ranked) - len(named)
    more = f" and {further} more in the report" if further else ""
    remedy = likely_remedy(table, ranked[0], examples.get(ranked[0], ""), source)
    return f"{', '.join(named)}{more}. Most likely: {remedy}"


def likely_remedy(table: Table, rule: str, example: str, source: str) -> str:
    """Return what most likely mends a broken rule, the parameter named if it is one."""
    if source == OWN_TABLES:
        return "have the table's writer correct it: such tables are read as they are."
    if source not in MAPPED_SOURCES:
        return f"nothing to mend, if few: {source} has no mapping to mend, and such rows stay in quarantine."
    kind, columns = rule.split(":", 1)
    column = table.column(columns.split("+")[0])
    place = f"source.{source}.tables.{table.name}"
    return _REMEDIES[kind](column, example, place) if kind in _REMEDIES else "correct the source."


def likely_time_format(text: str) -> str | None:
    """Return the format that a date or moment seems to be written in, None if it seems none."""
    if re.fullmatch(r"(19|20)\d{6}", text):
        return "%Y%m%d"
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    first, sign, second, third, between, seconds, fraction, zone = found.groups()
    if len(first) == len("2024"):
        day = sign.join(("%Y", "%m", "%d"))
    else:
        year = "%Y" if len(third) == len("2024") else "%y"
        is_american = int(second) > 12 >= int(first)
        day = sign.join(("%m", "%d", year) if is_american else ("%d", "%m", year))
    if between is None:
        return day
    hour = "%H:%M" + ("" if seconds is None else ":%S") + ("" if fraction is None else ".%f")
    offset = "" if zone is None else " %z" if zone.startswith(" ") else "%z"
    return f"{day}{between}{hour}{offset}"


def _name(rule: str, count: int, example: str | None) -> str:
    shown = "" if example is None else f" ({example!r})"
    return f"{count:,} of {rule}{shown}"


def _unreadable(column: Column, example: str, place: str) -> str:
    if column.type in ("date", "moment"):
        found = likely_time_format(example)
        format_ = f'"{found}"' if found else "the format of the column, such as %d/%m/%Y"
        return f"set {place}.formats.{column.name} to {format_}."
    if column.type == "flag":
        return f"translate the words in {place}.values.{column.name} into true and false."
    if _MORE_DECIMALS.fullmatch(example):
        return f"set {place}.rounding to half_up, or {place}.decimal to the file's decimal sign."
    if _COMMA_DECIMALS.fullmatch(example):
        return f'set {place}.decimal to ",".'
    if _POINT_DECIMALS.fullmatch(example):
        return f'set {place}.decimal to ".".'
    return f"correct the values in the source, or translate them in {place}.values.{column.name}."


def _empty(column: Column, _: str, place: str) -> str:
    if column.name == "customer_id" and place.endswith(f".{PRODUCT_EVENTS.name}"):
        return (
            f"orders of guests: set {place}.guests to keep_apart; they still count for what is "
            "bought together and what sells best."
        )
    return f"fill {column.name} in the source, or leave such rows out by {place}.drop."


def _not_allowed(column: Column, _: str, place: str) -> str:
    words = ", ".join(column.allowed)
    return f"translate your words in {place}.values.{column.name} into {words}."


def _out_of_range(column: Column, example: str, place: str) -> str:
    if column.type == "moment":
        return (
            f"{column.name} before {column.minimum:%Y-%m-%d} is of a clock that was never set: empty "
            f"it in the source, or check {place}.formats.{column.name}."
        )
    if "range" in column.row_faults and not _is_above(example, column):
        return f"lines below {column.minimum} are returns: give them the kind `returned`."
    limits = " to ".join(str(one) for one in (column.minimum, column.maximum) if one is not None)
    return f"bring {column.name} into its unit and range ({limits}), or check {place}.decimal."


def _is_above(example: str, column: Column) -> bool:
    most = column.maximum
    return bool(example) and isinstance(most, int | Decimal) and Decimal(example) > most


def _refers_to_nothing(column: Column, _: str, place: str) -> str:
    table = str(column.references).split(".", maxsplit=1)[0]
    return (
        f"{table} lacks these rows, or they are in quarantine themselves: look at {table} first; "
        f"ids may be written otherwise there (leading zeros); leave rows out by {place}.drop."
    )


def _late(_: Column, __: str, ___: str) -> str:
    return "set validate.exported_on to the day of the export if the data end later."


def _repeated(_: Column, __: str, place: str) -> str:
    return f"exports overlap: set {place}.deduplicate to true, or check which columns make the key."


def _out_of_order(column: Column, _: str, place: str) -> str:
    return f"check {place}.formats.{column.name} and {place}.timezone."


def _ill_formed(column: Column, _: str, __: str) -> str:
    return f"correct {column.name} in the source; each value stands in the files below."


_REMEDIES: Mapping[RuleKind | str, Remedy] = {
    "unparsed": _unreadable,
    "not_null": _empty,
    "pattern": _ill_formed,
    "allowed": _not_allowed,
    "range": _out_of_range,
    "not_before": _out_of_order,
    "references": _refers_to_nothing,
    "after_coverage": _late,
    "unique": _repeated,
}
