"""Refunds: what came back, and when; money without goods lowers the price.

Where a shop knows only one refunded amount an order (Shopify's export), without a date and without
products:

- All of it, or the order cancelled: every line came back.
- The price of whole pieces of one line and of no other: those pieces came back.
- Any other amount: nothing came back; the price was lowered. It is taken from what was paid for
  the lines, in proportion, and counts as discount.
"""

import pandas as pd

from pipeline.sources.files.shops.amounts import divide

_A_CENT = 1.0


def returned_pieces(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines, or pieces of them, that came back: their `quantity` and `amount_cents`.

    Args:
        lines: order_id, quantity, amount_cents, refunded_cents (the order's, of goods) and
            is_returned (the whole order).
    """
    whole = lines[lines["is_returned"]]
    some = lines[_matches(lines)]
    pieces = _pieces(some)
    part = some.assign(quantity=pieces, amount_cents=some["refunded_cents"])
    return pd.concat([whole, part]).sort_index()


def lowered_prices(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with refunds for which nothing came back taken off what was paid.

    Args:
        lines: as for `returned_pieces`, and discount_cents.
    """
    orders = lines["order_id"]
    returned = lines["is_returned"] | _matches(lines).groupby(orders).transform("any")
    paid = lines["amount_cents"].fillna(0)
    most = paid.groupby(orders).transform("sum")
    refund = lines["refunded_cents"].fillna(0).clip(upper=most).mask(returned, 0)
    less = divide(refund, paid, orders)
    return lines.assign(
        amount_cents=lines["amount_cents"] - less,
        discount_cents=lines["discount_cents"] + less,
    )


def _pieces(lines: pd.DataFrame) -> "pd.Series[float]":
    """Return how many pieces of its line the order's refund pays for, to the nearest."""
    piece = lines["amount_cents"] / lines["quantity"]
    return (lines["refunded_cents"] / piece.where(piece > 0)).round()


def _matches(lines: pd.DataFrame) -> "pd.Series[bool]":
    """Tell whose whole pieces the refund pays for, if it is those of one line only."""
    pieces = _pieces(lines)
    cost = pieces * lines["amount_cents"] / lines["quantity"]
    fits = (
        (lines["refunded_cents"] > 0)
        & pieces.between(1, lines["quantity"].astype("float64"))
        & ((cost - lines["refunded_cents"]).abs() <= _A_CENT)
        & ~lines["is_returned"]
    )
    return fits & (fits.groupby(lines["order_id"]).transform("sum") == 1)


def returns_of(refunds: pd.DataFrame) -> pd.DataFrame:
    """Return refunds that name pieces as lines that came back.

    Args:
        refunds: columns of the line that was bought, and of what came back: returned_pieces,
            returned_cents (empty or nothing: in proportion to the pieces) and returned_at.
    """
    pieces = refunds["returned_pieces"].astype("float64").abs().fillna(0)
    came_back = refunds[pieces > 0]
    bought = came_back["quantity"].astype("float64")
    quantity = pieces[pieces > 0].clip(upper=bought)
    worth = (came_back["amount_cents"] * quantity / bought).round()
    sums = came_back["returned_cents"].abs()
    return came_back.assign(
        kind="returned",
        quantity=quantity,
        amount_cents=sums.where(sums > 0, worth),
        discount_cents=float("nan"),
        occurred_at=came_back["returned_at"],
    )


def less_allowances(lines: pd.DataFrame, allowances: "pd.Series[float]") -> pd.DataFrame:
    """Return the lines with money that was given back without a piece taken off what was paid.

    Args:
        lines: amount_cents and discount_cents.
        allowances: cents of each line, by its index; lines without one may be missing.
    """
    given = allowances.reindex(lines.index).fillna(0).clip(lower=0)
    less = given.clip(upper=lines["amount_cents"].fillna(0))
    return lines.assign(
        amount_cents=lines["amount_cents"] - less,
        discount_cents=lines["discount_cents"].fillna(0) + less,
    )


def refund_moments(
    ordered_at: "pd.Series[pd.Timestamp]", days: int, latest: pd.Timestamp
) -> "pd.Series[pd.Timestamp]":
    """Return when a refund without a date counts: so many days after the order, within the data."""
    counted = ordered_at + pd.Timedelta(days=days)
    return counted.where(counted <= latest, latest)
