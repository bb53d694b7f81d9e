"""The contact policy applied: suppression by rule, with the first rule that left nothing to offer.

A customer falls at the rule that excludes them, closes the last of their channels or takes the
last of their candidates, whichever comes first in the order of the rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS, CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.contact_policy import NEEDS, OFFER_RULES, RULES, ContactFacts
from pipeline.offers.policy_settings import RuleLimits
from pipeline.population.joins import left_join

NOTHING_ELIGIBLE = "nothing_eligible"
_CUSTOMER = ["customer_id"]
_CHANNEL = [*CUSTOMER_CHANNEL_KEYS]
_CATEGORY = [*CUSTOMER_CATEGORY_KEYS]


@dataclass(frozen=True)
class PolicyOutcome:
    """What the rules leave."""

    candidates: ir.Table
    """The candidates of the customers who stand, without the excluded categories."""
    permitted: ir.Table
    """customer_id × channel: the open channels of the customers who stand."""
    fallen: ir.Table
    """customer_id, suppression_reason of everybody else."""
    touched: Mapping[str, int]
    """Rule -> customers of whom it excludes anything, whether or not another rule does too."""
    switched_off: Sequence[str]
    """Rules whose table the source lacks."""
    remedies: Mapping[str, str]
    """Rule -> what to do where the source lacks a table and the rule excludes nearly everybody."""


def apply_rules(
    engine: Engine, facts: ContactFacts, names: Sequence[str], limits: RuleLimits
) -> PolicyOutcome:
    """Run the rules that look at facts, in their order, and say who falls where."""
    names = [name for name in names if name in RULES]
    off = [n for n in names if n in NEEDS and not facts.history.has(NEEDS[n])]
    running = [(place, name) for place, name in enumerate(names) if name not in off]
    exclusions = engine.materialize(
        ibis.union(
            *(
                _placed(RULES[name](facts, **limits.get(name, {})), place)
                for place, name in running
            ),
            _placed(facts.reachable.filter(ibis.literal(False)), len(names)),
        )
    )
    channels = engine.materialize(_first(facts.reachable, exclusions, _CHANNEL))
    candidates = engine.materialize(_first(facts.candidates, exclusions, _CATEGORY))
    places = engine.materialize(_places(facts.reachable, channels, candidates, exclusions))
    standing = places.filter(places.place.isnull()).select("customer_id")
    touched = engine.arrow(
        exclusions.group_by("place").aggregate(customers=exclusions.customer_id.nunique())
    ).to_pydict()
    counts = dict(zip(touched["place"], touched["customers"], strict=True))
    return PolicyOutcome(
        candidates=_standing(candidates, standing),
        permitted=_standing(channels, standing),
        fallen=_name_reasons(places, names),
        touched={name: counts.get(place, 0) for place, name in enumerate(names)},
        switched_off=off,
        remedies=_remedies(facts, names, limits),
    )


def _remedies(facts: ContactFacts, names: Sequence[str], limits: RuleLimits) -> Mapping[str, str]:
    """Say what to do where no consent is on record because there is no record."""
    if "consent" not in names or facts.history.has("consents"):
        return {}
    match limits.get("consent", {}).get("without_record"):
        case (_, *_) as channels:
            whom = f"only {' and '.join(map(str, channels))} may be used, which need no record"
        case _:
            whom = "nobody may be contacted"
    return {
        "consent": f"The source has no table of consents, so {whom}. Give it the table, or name in "
        "contact_policy.limits.consent.without_record the channels that may go without a record; "
        "e-mail addresses and phone numbers are handed over with a record only."
    }


def apply_offer_rules(
    engine: Engine, offers: ir.Table, names: Sequence[str], limits: RuleLimits
) -> Mapping[str, str]:
    """Run the rules that compare offers; return customer_id -> the first rule that excludes them.

    Args:
        engine: runs the rules.
        offers: customer_id, household_id, priority_cents: the best offer of each customer.
        names: the rules, in order; others than these are passed over.
        limits: of each rule.
    """
    fallen: dict[str, str] = {}
    for name in [name for name in names if name in OFFER_RULES]:
        gone = engine.table(pa.table({"customer_id": pa.array(list(fallen), pa.string())}))
        left = offers.anti_join(gone, "customer_id")
        excluded = OFFER_RULES[name](left, **limits.get(name, {}))
        fallen |= dict.fromkeys(engine.arrow(excluded)["customer_id"].to_pylist(), name)
    return fallen


def _placed(excluded: ir.Table, place: int) -> ir.Table:
    """Give what a rule excludes the shape that all rules share."""
    none = ibis.null("string")
    return excluded.select(
        "customer_id",
        channel=excluded.channel if "channel" in excluded.columns else none,
        category=excluded.category if "category" in excluded.columns else none,
        place=ibis.literal(place, "int64"),
    )


def _first(rows: ir.Table, exclusions: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Add to channels or candidates the place of the first rule that excludes each."""
    key = keys[-1]
    of_kind = exclusions.filter(exclusions[key].notnull())
    return left_join(rows, of_kind.group_by(list(keys)).aggregate(place=of_kind.place.min()), keys)


def _places(
    reachable: ir.Table, channels: ir.Table, candidates: ir.Table, exclusions: ir.Table
) -> ir.Table:
    """Return every customer with the place of the rule they fell at; -1 had nothing to begin with."""
    people = reachable.select("customer_id").distinct()
    whole = exclusions.filter(exclusions.channel.isnull() & exclusions.category.isnull())
    people = left_join(
        people, whole.group_by(_CUSTOMER).aggregate(excluded_at=whole.place.min()), _CUSTOMER
    )
    people = left_join(people, _exhausted(channels, "channels"), _CUSTOMER)
    people = left_join(people, _exhausted(candidates, "candidates"), _CUSTOMER)
    nothing = ibis.ifelse(people.candidates_left.isnull(), -1, ibis.null("int64"))
    never = 10**6
    place = ibis.least(
        nothing.fill_null(never),
        people.excluded_at.fill_null(never),
        people.channels_gone_at.fill_null(never),
        people.candidates_gone_at.fill_null(never),
    )
    return people.select("customer_id", place=place.nullif(never))


def _exhausted(rows: ir.Table, name: str) -> ir.Table:
    """Return for each customer how much is left, and which rule took the last of it."""
    counted = rows.group_by("customer_id").aggregate(
        left=rows.count(where=rows.place.isnull()), last=rows.place.max()
    )
    gone_at = ibis.ifelse(counted.left == 0, counted["last"], ibis.null("int64"))
    return counted.select(
        "customer_id", **{f"{name}_left": counted.left, f"{name}_gone_at": gone_at}
    )


def _standing(rows: ir.Table, standing: ir.Table) -> ir.Table:
    kept = rows.filter(rows.place.isnull()).drop("place")
    return kept.semi_join(standing, "customer_id")


def _name_reasons(places: ir.Table, names: Sequence[str]) -> ir.Table:
    fallen = places.filter(places.place.notnull())
    reasons = [(fallen.place == place, ibis.literal(name)) for place, name in enumerate(names)]
    reason = ibis.cases(*reasons, else_=NOTHING_ELIGIBLE)
    return fallen.select("customer_id", suppression_reason=reason)
