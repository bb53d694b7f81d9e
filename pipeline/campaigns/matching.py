"""Matching of responses to offers: which customer of which wave, and what is wrong with it.

No row is dropped: each comes out with whether it counts and, if anything is odd about it, with a
finding. A row that does not count always has one.
"""

from collections.abc import Mapping

import pandas as pd

from pipeline.campaigns.attribution import category_of, moment_of, own_offers
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.responses import (
    CLICKED,
    KINDS,
    OPENED,
    ORDERED,
    REDEEMED,
    UNSUBSCRIBED,
)
from pipeline.foundation.contracts.tables import UNPARSED

_OF_THE_CONTACTED = (REDEEMED, OPENED, CLICKED, UNSUBSCRIBED)
_HARMLESS = (
    "unknown_code",
    "code_of_another_customer",
    "named_by_code_alone",
    "refund",
    "control_contacted",
)

FINDINGS: Mapping[str, str] = {
    "unreadable": "A value is not of its column's type.",
    "unknown_kind": f"The kind is none of {', '.join(KINDS)}.",
    "no_moment": "It does not say when.",
    "repeated_response": "A row before it has the same response_id, or without one the same in every column.",
    "nobody_named": "It names neither a customer nor a code.",
    "unknown_code": "No wave gave out the code.",
    "unknown_customer": "No wave knows the customer.",
    "code_of_another_customer": "The code was given to another customer; it counts for who used it.",
    "no_offer": "The customer was in no arm of any wave: no offer was decided.",
    "refund_without_order": "A negative amount, and no order of the customer before it.",
    "other_category": "None of the customer's running offers is of its category.",
    "before_the_wave": "It lies before the first day of the customer's offer.",
    "expired_code": "The code was redeemed after the last day of the offer.",
    "after_the_offer": "It lies after the last day of the customer's offer.",
    "redeemed_again": "The code had been redeemed before.",
    "refund": "A negative amount: it is no take-up, and a full one undoes the order it pays back.",
    "named_by_code_alone": "An order that only a code tells the customer of: one of a control, who "
    "has no code, could not be told so.",
    "control_contacted": "A control customer reacts to a message; it counts for the arm drawn.",
}


def match(responses: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Return the responses, in their order, with the customer and offer that each belongs to.

    A customer who is named goes before the one whose code was used. An order belongs to the
    customer's own running offer, whatever its code (`attribution`); what only a contact can bring,
    a redemption, a click, belongs to the wave of its code where it names one.

    Args:
        responses: the columns of the contract's responses, and UNPARSED.
        waves: the sealed waves, one under the other.

    Returns:
        The responses with `wave`, `arm`, `campaign`, `finding` (empty if nothing is odd) and
        `is_counted`; `spoken_of`, the category it is about, if known; `counts_at`, the moment that
        decides which offers run; `customer_id` is filled in from the code where it was empty.
    """
    given = responses.reset_index(drop=True)
    owners = _owners(given, waves)
    named = given.assign(customer_id=given["customer_id"].fillna(owners["owner"]))
    is_refund = (given["kind"] == ORDERED) & given["amount_cents"].lt(0).fillna(value=False)
    told = named.assign(spoken_of=category_of(given, waves))
    timed = told.assign(counts_at=moment_of(told, is_refund))
    found = own_offers(timed, waves)
    found = found.mask(_is_by_code(given, owners), _coded_offers(timed, owners, waves))
    faults = _faults(given, timed, found, owners["owner"], is_refund)
    is_counted = ~faults.drop(columns=list(_HARMLESS)).any(axis=1)
    return timed.assign(
        **{name: found[name] for name in ("wave", "arm", "campaign")},
        finding=_first_true(faults),
        is_counted=is_counted,
    )


def count_findings(matched: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many rows and orders each finding has, and how many rows count all the same."""
    is_order = matched["kind"] == ORDERED
    counts = matched.assign(is_order=is_order).groupby("finding")[["is_counted", "is_order"]]
    rows, sums = counts.size(), counts.sum()
    return {
        name: {
            "rows": int(rows[name]),
            "counted": int(sums["is_counted"][name]),
            "orders": int(sums["is_order"][name]),
        }
        for name in FINDINGS
        if name in rows.index
    }


def _is_again(given: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows came before: by their id, or where they have none by all that they say."""
    has_id = given["response_id"].notna()
    said = [name for name in given.columns if name not in {"file", "row"}]
    is_again: pd.Series[bool] = given.duplicated("response_id").where(
        has_id, given.duplicated(said)
    )
    return is_again


def _owners(given: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Return the customer and wave of each row's code; empty where there is none."""
    issued = waves.loc[waves["offer_code"].notna(), ["offer_code", "customer_id", "wave"]]
    issued = issued.rename(columns={"customer_id": "owner", "wave": "code_wave"})
    issued = issued.assign(offer_code=_plain(issued["offer_code"]))
    used = pd.DataFrame({"offer_code": _plain(given["offer_code"])})
    return used.merge(issued, on="offer_code", how="left", validate="many_to_one")


def _plain(codes: "pd.Series[str]") -> "pd.Series[str]":
    """Return codes as they were given out, however they were typed."""
    return codes.str.upper().str.replace(r"[\s-]", "", regex=True)


def _is_by_code(given: pd.DataFrame, owners: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows a code decides on: reactions to a message, never orders."""
    return given["kind"].isin(_OF_THE_CONTACTED) & owners["code_wave"].notna()


def _coded_offers(timed: pd.DataFrame, owners: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Return the offer of the customer in the wave of the code, as `own_offers` does."""
    coded = timed.assign(wave=owners["code_wave"])[["customer_id", "wave", "counts_at"]]
    offers = waves[["customer_id", "wave", "arm", "campaign", "valid_from", "valid_until"]]
    found = coded.merge(offers.assign(is_known=True), on=["customer_id", "wave"], how="left")
    is_offer = found["arm"].notna()
    day = found["counts_at"].dt.normalize()
    is_running = is_offer & day.between(
        pd.to_datetime(found["valid_from"]), pd.to_datetime(found["valid_until"])
    )
    return found.assign(
        is_known=found["is_known"].eq(other=True),
        is_running=is_running,
        is_fitting=is_offer,
        offered=None,
    )


def _faults(
    given: pd.DataFrame,
    timed: pd.DataFrame,
    found: pd.DataFrame,
    owner: "pd.Series[str]",
    is_refund: "pd.Series[bool]",
) -> pd.DataFrame:
    """Return one flag a finding for each row, in the order in which findings are told."""
    kind, day = given["kind"], timed["counts_at"].dt.normalize()
    is_named, is_known = timed["customer_id"].notna(), found["is_known"].astype(bool)
    has_code, has_offer = given["offer_code"].notna(), found["arm"].notna()
    is_late = has_offer & (day > pd.to_datetime(found["valid_until"]))
    is_again = _is_again(given)
    is_read = given[UNPARSED].isna() & kind.isin(KINDS) & given["occurred_at"].notna()
    may_redeem = is_read & (kind == REDEEMED) & owner.notna() & ~is_again & ~is_late
    faults = pd.DataFrame(
        {
            "unreadable": given[UNPARSED].notna(),
            "unknown_kind": ~kind.isin(KINDS),
            "no_moment": given["occurred_at"].isna(),
            "repeated_response": is_again,
            "nobody_named": ~is_named & ~has_code,
            "unknown_code": has_code & owner.isna(),
            "unknown_customer": ~is_known,
            "code_of_another_customer": owner.notna() & (owner != timed["customer_id"]),
            "no_offer": is_known & ~has_offer,
            "refund_without_order": is_refund & timed["counts_at"].isna(),
            "other_category": has_offer & found["is_running"].astype(bool) & ~found["is_fitting"],
            "before_the_wave": day < pd.to_datetime(found["valid_from"]),
            "expired_code": is_late & (kind == REDEEMED),
            "after_the_offer": is_late,
            "redeemed_again": _is_later(given, may_redeem),
            "refund": is_refund,
            "named_by_code_alone": (kind == ORDERED) & given["customer_id"].isna() & owner.notna(),
            "control_contacted": kind.isin(_OF_THE_CONTACTED)
            & has_offer
            & (found["arm"] != TREATED),
        }
    )
    return faults.astype(bool)


def _is_later(given: pd.DataFrame, may_redeem: "pd.Series[bool]") -> "pd.Series[bool]":
    """Say which redemptions of a code come after its first, equal moments in the rows' order."""
    redeemed = given[may_redeem].sort_values("occurred_at", kind="stable")
    again = _plain(redeemed["offer_code"]).duplicated()
    return again.reindex(given.index, fill_value=False)


def _first_true(faults: pd.DataFrame) -> "pd.Series[str]":
    names = faults.columns.to_numpy()[faults.to_numpy().argmax(axis=1)]
    return pd.Series(names, index=faults.index, dtype="str").where(faults.any(axis=1))
