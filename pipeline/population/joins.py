"""A left join that keeps one copy of its keys."""

from collections.abc import Sequence

import ibis.expr.types as ir


def left_join(left: ir.Table, right: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Add the columns of `right`; rows without a partner get empty ones.

    Both tables must share no column but the keys.
    """
    joined = left.join(right, list(keys), how="left")
    return joined.drop(*[column for column in joined.columns if column.endswith("_right")])
