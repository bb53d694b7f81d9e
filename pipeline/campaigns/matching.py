"""Which customer of which wave a response belongs to, and what is wrong with it.

No row is dropped: each comes out with whether it counts and, if anything is odd about it, with a
finding. A row that does not count always has one.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.responses import CLICKED, KINDS, OPENED, REDEEMED, UNSUBSCRIBED
from pipeline.foundation.contracts.tables import UNPARSED

_OF_THE_CONTACTED = (REDEEMED, OPENED, CLICKED, UNSUBSCRIBED)
_OF_THE_OFFER = ["wave", "arm", "campaign", "valid_from", "valid_until"]

FINDINGS: Mapping[str, str] = {
    "unreadable": "A value is not of its column's type.",
    "unknown_kind": f"The kind is none of {', '.join(KINDS)}.",
    "no_moment": "It does not say when.",
    "repeated_response": "A row before it has the same response_id.",
    "nobody_named": "It names neither a customer nor a code.",
    "unknown_code": "No wave gave out the code.",
    "unknown_customer": "The wave does not know the customer.",
    "code_of_another_customer": "The code was given to another customer; it counts for who used it.",
    "no_offer": "The customer was in no arm: no offer was decided.",
    "before_the_wave": "It lies before the first day of the offer.",
    "expired_code": "The code was redeemed after the last day of the offer.",
    "after_the_offer": "It lies after the last day of the offer.",
    "redeemed_again": "The code had been redeemed before.",
    "control_contacted": "A control customer reacts to a message; it counts for the arm drawn.",
}


def match(responses: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Return the responses, in their order, with the customer and wave that each belongs to.

    A code says the wave; without one it is the latest that had begun, so that each response
    belongs to one wave. A customer who is named goes before the one whose code was used.

    Args:
        responses: the columns of the contract's responses, and UNPARSED.
        waves: the sealed waves, one under the other.

    Returns:
        The responses with `wave`, `arm`, `campaign`, `finding` (empty if nothing is odd) and
        `is_counted`; `customer_id` is filled in from the code where it was empty.
    """
    given = responses.reset_index(drop=True)
    owners = _owners(given, waves)
    customer = given["customer_id"].fillna(owners["owner"])
    wave = owners["code_wave"].fillna(_latest_begun(given["occurred_at"], waves))
    keyed = given.assign(customer_id=customer, wave=wave)
    offers = waves[["customer_id", *_OF_THE_OFFER]]
    found = keyed.merge(
        offers, on=["wave", "customer_id"], how="left", validate="many_to_one", indicator="place"
    )
    faults = _faults(given, found, owners["owner"])
    finding = _first_true(faults)
    harmless = ["unknown_code", "code_of_another_customer", "control_contacted"]
    is_counted = ~faults.drop(columns=harmless).any(axis=1)
    return found.drop(columns=["place", "valid_from", "valid_until"]).assign(
        finding=finding, is_counted=is_counted
    )


def count_findings(matched: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many rows each finding has, and how many of them count all the same."""
    counts = matched.groupby("finding")["is_counted"].agg(["size", "sum"])
    return {
        name: {"rows": int(counts["size"][name]), "counted": int(counts["sum"][name])}
        for name in FINDINGS
        if name in counts.index
    }


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


def _latest_begun(occurred: "pd.Series[pd.Timestamp]", waves: pd.DataFrame) -> "pd.Series[str]":
    """Return the last wave that had begun by each moment, the first wave for what is earlier."""
    began = waves.groupby("wave")["as_of_date"].min().sort_values(kind="stable")
    days = pd.to_datetime(began).to_numpy()
    place = np.searchsorted(days, occurred.to_numpy(), side="right") - 1
    place = np.where(occurred.isna(), 0, np.maximum(place, 0))
    return pd.Series(began.index.to_numpy()[place], index=occurred.index)


def _faults(given: pd.DataFrame, found: pd.DataFrame, owner: "pd.Series[str]") -> pd.DataFrame:
    """Return one flag a finding for each row, in the order in which findings are told."""
    kind, day = given["kind"], given["occurred_at"].dt.normalize()
    is_unknown = found["place"] == "left_only"
    is_late = day > pd.to_datetime(found["valid_until"])
    has_code = given["offer_code"].notna()
    is_named = found["customer_id"].notna()
    is_read = given[UNPARSED].isna() & kind.isin(KINDS) & day.notna()
    is_again = given["response_id"].notna() & given.duplicated("response_id")
    faults = pd.DataFrame(
        {
            "unreadable": given[UNPARSED].notna(),
            "unknown_kind": ~kind.isin(KINDS),
            "no_moment": day.isna(),
            "repeated_response": is_again,
            "nobody_named": ~is_named & ~has_code,
            "unknown_code": has_code & owner.isna(),
            "unknown_customer": is_unknown,
            "code_of_another_customer": owner.notna() & (owner != found["customer_id"]),
            "no_offer": ~is_unknown & found["arm"].isna(),
            "before_the_wave": day < pd.to_datetime(found["valid_from"]),
            "expired_code": is_late & (kind == REDEEMED),
            "after_the_offer": is_late,
        }
    )
    may_redeem = is_read & (kind == REDEEMED) & owner.notna() & ~is_again & ~is_late
    is_contact = kind.isin(_OF_THE_CONTACTED) & found["arm"].notna()
    return faults.assign(
        redeemed_again=_is_later(given, may_redeem),
        control_contacted=is_contact & (found["arm"] != TREATED),
    )


def _is_later(given: pd.DataFrame, may_redeem: "pd.Series[bool]") -> "pd.Series[bool]":
    """Say which redemptions of a code come after its first, equal moments in the rows' order."""
    redeemed = given[may_redeem].sort_values("occurred_at", kind="stable")
    again = _plain(redeemed["offer_code"]).duplicated()
    return again.reindex(given.index, fill_value=False)


def _first_true(faults: pd.DataFrame) -> "pd.Series[str]":
    names = faults.columns.to_numpy()[faults.to_numpy().argmax(axis=1)]
    return pd.Series(names, index=faults.index, dtype="str").where(faults.any(axis=1))
