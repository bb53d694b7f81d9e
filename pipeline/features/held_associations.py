"""Rules X → candidate from what customers hold, and what they say of what one customer holds.

support = share of customers who hold both, confidence = P(holds candidate | holds X),
lift = confidence ÷ P(holds candidate), conviction = P(lacks candidate) ÷ (1 − confidence)
(Agrawal, Imieliński, Swami 1993; Brin et al. 1997).
uptake = P(took the candidate up in the last 90 days | held X before, and not the candidate).
Of one candidate, the rule of the highest lift has the highest confidence and conviction too.
"""

import ibis
import ibis.expr.types as ir

from pipeline.features.window_expressions import ratio
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.joins import left_join

MIN_SUPPORT_CUSTOMERS = 20
# A candidate's nearest neighbours say as much as all of them, at a tenth of the cost.
RULES_PER_CANDIDATE = 20
UPTAKE_DAYS = 90
MICRO = 1_000_000


def held_pairs(owned: ir.Table, known_customers: ir.Table) -> ir.Table:
    """Return as_of_date × category × antecedent with the customers who hold both.

    That is `both`, of whom `both_settled` have done so for some time and `taken_up` held the
    antecedent before; and the `known_customers` of the date. A category beside itself has its
    holders.

    Args:
        owned: as_of_date × customer_id × category with held_days, empty where nothing is held.
        known_customers: as_of_date with the number of customers known.
    """
    held = owned.filter(owned.held_days.notnull()).select(*CANDIDATE_KEYS, "held_days")
    other = held.rename(antecedent="category", antecedent_days="held_days")
    pairs = held.join(other, CUSTOMER_KEYS)
    was_held = pairs.antecedent_days > UPTAKE_DAYS
    counted = pairs.group_by(*CATEGORY_KEYS, "antecedent").aggregate(
        both=pairs.count(),
        both_settled=pairs.count(where=was_held & (pairs.held_days > UPTAKE_DAYS)),
        taken_up=pairs.count(where=was_held & (pairs.held_days <= UPTAKE_DAYS)),
    )
    return left_join(counted, known_customers, ["as_of_date"])


def association_rules(pairs: ir.Table) -> ir.Table:
    """Return as_of_date × antecedent × category with the figures of the rule and its place.

    Each category keeps its `RULES_PER_CANDIDATE` rules of the highest lift; place 0 is the highest.

    Args:
        pairs: what `held_pairs` returns.
    """
    itself = pairs.filter(pairs.category == pairs.antecedent)
    holders = itself.select(*CATEGORY_KEYS, holders="both")
    antecedents = itself.select(
        "as_of_date", "antecedent", antecedent_holders="both", antecedent_settled="both_settled"
    )
    rules = pairs.filter(
        (pairs.category != pairs.antecedent) & (pairs.both >= MIN_SUPPORT_CUSTOMERS)
    )
    rules = rules.join(holders, CATEGORY_KEYS)
    rules = rules.join(antecedents, ["as_of_date", "antecedent"])
    rules = rules.mutate(
        support=ratio(rules.both, rules.known_customers),
        confidence=ratio(rules.both, rules.antecedent_holders),
        popularity=ratio(rules.holders, rules.known_customers),
        uptake=ratio(rules.taken_up, rules.antecedent_settled - rules.both_settled),
    )
    rules = rules.mutate(
        lift=rules.confidence / rules.popularity,
        conviction=ratio(1.0 - rules.popularity, 1.0 - rules.confidence),
    )
    place = ibis.row_number().over(
        group_by=[rules.as_of_date, rules.category],
        order_by=[rules.lift.desc(), rules.antecedent],
    )
    ranked = rules.mutate(place=place)
    return ranked.filter(ranked.place < RULES_PER_CANDIDATE).select(
        *CATEGORY_KEYS,
        "antecedent",
        "place",
        "support",
        "confidence",
        "lift",
        "conviction",
        "popularity",
        "uptake",
    )


def rule_measures(owned: ir.Table, rules: ir.Table) -> ir.Table:
    """Return as_of_date × customer_id × category with what the rules say of what is owned.

    Args:
        owned: as for `held_pairs`, with acquired_30 and acquired_90.
        rules: what `association_rules` returns.
    """
    mine = owned.rename(antecedent="category").drop("held_tier")
    # Sums of whole millionths: a sum of floats would depend on the order it is added in.
    whole = rules.select(
        *CATEGORY_KEYS,
        "antecedent",
        "place",
        "support",
        confidence_micro=_millionths(rules.confidence),
        uptake_micro=_millionths(rules.uptake),
        evidence_micro=_millionths(rules.lift.ln()),
    )
    matched = mine.join(whole, ["as_of_date", "antecedent"])
    is_held = matched.held_days.notnull()
    sums = matched.group_by(*CANDIDATE_KEYS).aggregate(
        place=matched.place.min(where=is_held),
        best_support=matched.support.max(where=is_held),
        matches=matched.count(where=is_held),
        uptakes=matched.uptake_micro.count(where=is_held),
        **{
            f"{name}_sum": matched[f"{name}_micro"].sum(where=is_held).cast("int64")
            for name in ("confidence", "uptake", "evidence")
        },
        **{
            f"related_{days}": (matched[f"acquired_{days}"] * matched.confidence_micro)
            .sum()
            .cast("int64")
            for days in (30, 90)
        },
    )
    best = rules.select(
        *CATEGORY_KEYS,
        "place",
        best_confidence=rules.confidence,
        best_lift=rules.lift,
        best_conviction=rules.conviction,
        best_rule=rules.antecedent,
        popularity=rules.popularity,
    )
    rows = left_join(sums, best, [*CATEGORY_KEYS, "place"])
    return rows.select(
        *CANDIDATE_KEYS,
        "best_confidence",
        "best_lift",
        "best_support",
        "best_conviction",
        "best_rule",
        mean_confidence=ratio(rows.confidence_sum, MICRO * rows.matches),
        # Lifts to one candidate are its confidences over its popularity, and so are their means.
        mean_lift=ratio(rows.confidence_sum, MICRO * rows.matches) / rows.popularity,
        mean_uptake=ratio(rows.uptake_sum, MICRO * rows.uptakes),
        evidence=rows.evidence_sum.cast("float64") / float(MICRO),
        related_acquisitions__30d=rows.related_30.cast("float64") / float(MICRO),
        related_acquisitions__90d=rows.related_90.cast("float64") / float(MICRO),
    )


def _millionths(value: ir.NumericValue) -> ir.IntegerValue:
    return (value * MICRO + 0.5).floor().cast("int64")
