"""How well a candidate goes with what the customer holds, and how the candidate is doing.

Rules X → candidate come from what is held at the as-of date:
support = share of customers who hold both, confidence = P(holds candidate | holds X),
lift = confidence ÷ P(holds candidate) (Agrawal, Imieliński, Swami 1993; Brin et al. 1997).
"""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import Feature, candidate, windowed
from pipeline.features.family import View
from pipeline.features.measures import YEAR_DAYS, a_year_ago, ratio, within
from pipeline.population.holdings import held_categories, offered_products
from pipeline.population.joins import left_join

NEEDS = ("product_events",)
MIN_SUPPORT_CUSTOMERS = 20
# A candidate's nearest neighbours say as much as all of them, at a tenth of the cost.
RULES_PER_CANDIDATE = 20
SEASON_DAYS = 30
NOTHING_HELD = "nothing with a rule for the candidate is held"
NOT_SOLD = "nobody acquired the category"

FEATURES = candidate(
    Feature(
        "best_confidence",
        "Highest confidence of a rule from something held to the candidate",
        "share",
        NOTHING_HELD,
        "{value} of the customers with something this customer holds also have {category}",
    ),
    Feature(
        "best_lift",
        "Highest lift of a rule from something held to the candidate",
        "ratio",
        NOTHING_HELD,
        "Holds something that goes with {category} ({value} times as often as usual)",
    ),
    Feature(
        "best_support",
        "Highest support of a rule from something held to the candidate",
        "share",
        NOTHING_HELD,
        "Holds something that {value} of customers combine with {category}",
    ),
    Feature(
        "mean_confidence",
        "Mean confidence of the rules from what is held to the candidate",
        "share",
        NOTHING_HELD,
        "Customers who hold the same often have {category} ({value})",
    ),
    Feature(
        "mean_lift",
        "Mean lift of the rules from what is held to the candidate",
        "ratio",
        NOTHING_HELD,
        "What is held goes with {category} ({value} times as often as usual)",
    ),
    Feature(
        "popularity",
        "Share of known customers who hold the candidate",
        "share",
        "nobody holds the candidate",
        "{value} of customers have {category}",
    ),
    *windowed(
        Feature(
            "acquirers",
            "Share of known customers who acquired the candidate in the last {days} days",
            "share",
            NOT_SOLD,
            "{value} of customers bought {category} in the last {days} days",
        ),
        (30, 90),
    ),
    Feature(
        "acquirers__season",
        "Acquisitions of the candidate a year ago, in the 30 days that are now to come, per customer",
        "share",
        NOT_SOLD,
        "Sales of {category} in this season a year ago, per customer: {value}",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "nothing acquired in the last 90 days",
        "{category} sells at {value} times the usual pace",
        window_days=90,
    ),
    Feature(
        "entry_price",
        "Lowest price on offer in the category",
        "money",
        "no price is known",
        "{category} starts at {value}",
    ),
    Feature(
        "price_ratio",
        "Lowest price on offer over the customer's mean amount per acquisition of the last year",
        "ratio",
        "no price or no acquisition is known",
        "{category} costs {value} times what the customer usually pays",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "newest_days",
        "Days since the last launch in the category",
        "days",
        "no launch date is known",
        "{category} has something new, launched {value} [day|days] ago",
    ),
)


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and candidate that is asked about."""
    rows = view.asked
    rows = left_join(rows, _rule_measures(view), ["as_of_date", "customer_id", "category"])
    rows = left_join(rows, _market(view), ["as_of_date", "category"])
    rows = left_join(rows, _usual_amount(view), ["as_of_date", "customer_id"])
    return rows.mutate(price_ratio=ratio(rows.entry_cents, rows.usual_cents)).drop(
        "usual_cents", "entry_cents"
    )


def _known_customers(view: View) -> ir.Table:
    customers = view.history.customers
    return customers.group_by("as_of_date").aggregate(known_customers=customers.count())


def association_rules(held: ir.Table, known_customers: ir.Table) -> ir.Table:
    """Return as_of_date × antecedent × category with support, confidence and lift.

    Each category keeps its `RULES_PER_CANDIDATE` rules of the highest lift.

    Args:
        held: as_of_date × customer_id × category held.
        known_customers: as_of_date with the number of customers known.
    """
    holders = held.group_by("as_of_date", "category").aggregate(holders=held.count())
    other = held.select("as_of_date", "customer_id", antecedent=held.category)
    pairs = held.select("as_of_date", "customer_id", "category").join(
        other, ["as_of_date", "customer_id"]
    )
    pairs = pairs.filter(pairs.category != pairs.antecedent)
    both = pairs.group_by("as_of_date", "antecedent", "category").aggregate(both=pairs.count())
    both = both.filter(both.both >= MIN_SUPPORT_CUSTOMERS)
    rules = both.join(holders, ["as_of_date", "category"])
    sources = holders.select(
        "as_of_date", antecedent=holders.category, antecedent_holders=holders.holders
    )
    rules = rules.join(sources, ["as_of_date", "antecedent"]).join(known_customers, ["as_of_date"])
    confidence = ratio(rules.both, rules.antecedent_holders)
    measured = rules.select(
        "as_of_date",
        "antecedent",
        "category",
        support=ratio(rules.both, rules.known_customers),
        confidence=confidence,
        lift=confidence / ratio(rules.holders, rules.known_customers),
    )
    place = ibis.row_number().over(
        group_by=[measured.as_of_date, measured.category],
        order_by=[measured.lift.desc(), measured.antecedent],
    )
    ranked = measured.mutate(place=place)
    return ranked.filter(ranked.place < RULES_PER_CANDIDATE).drop("place")


def _rule_measures(view: View) -> ir.Table:
    """Return the best and the mean rule from what each customer holds to each candidate."""
    held = held_categories(view.held).select("as_of_date", "customer_id", "category")
    rules = association_rules(held, _known_customers(view))
    owned = held.select("as_of_date", "customer_id", antecedent=held.category)
    matched = owned.join(rules, ["as_of_date", "antecedent"])
    # Means of whole millionths: a sum of floats would depend on the order it is added in.
    measured = matched.group_by("as_of_date", "customer_id", "category").aggregate(
        best_confidence=matched.confidence.max(),
        best_lift=matched.lift.max(),
        best_support=matched.support.max(),
        matches=matched.count(),
        confidence_sum=_millionths(matched.confidence).sum().cast("int64"),
        lift_sum=_millionths(matched.lift).sum().cast("int64"),
    )
    return measured.mutate(
        mean_confidence=ratio(measured.confidence_sum, 1_000_000 * measured.matches),
        mean_lift=ratio(measured.lift_sum, 1_000_000 * measured.matches),
    ).drop("matches", "confidence_sum", "lift_sum")


def _millionths(value: ir.NumericValue) -> ir.IntegerValue:
    return (value * 1_000_000 + 0.5).floor().cast("int64")


def _market(view: View) -> ir.Table:
    """Return how each category is doing at each as-of date, over all customers."""
    sales = left_join(_sales(view), _known_customers(view), ["as_of_date"])
    held = held_categories(view.held)
    holders = held.group_by("as_of_date", "category").aggregate(holders=held.count())
    rows = left_join(sales, holders, ["as_of_date", "category"])
    rows = rows.select(
        "as_of_date",
        "category",
        "trend",
        popularity=ratio(rows.holders, rows.known_customers),
        acquirers__30d=ratio(rows.acquirers_30, rows.known_customers),
        acquirers__90d=ratio(rows.acquirers_90, rows.known_customers),
        acquirers__season=ratio(rows.season, rows.known_customers),
    )
    return left_join(_prices(view), rows, ["as_of_date", "category"])


def _sales(view: View) -> ir.Table:
    events = view.history.known("product_events")
    acquired = events.filter(events.kind == "acquired")
    last_30 = acquired.count(where=within(acquired, 30))
    last_90 = acquired.count(where=within(acquired, 90))
    return acquired.group_by("as_of_date", "category").aggregate(
        acquirers_30=acquired.customer_id.nunique(where=within(acquired, 30)),
        acquirers_90=acquired.customer_id.nunique(where=within(acquired, 90)),
        season=acquired.count(where=a_year_ago(acquired, SEASON_DAYS)),
        trend=ratio(3 * last_30, last_90),
    )


def _prices(view: View) -> ir.Table:
    """Return the lowest price on offer and the age of the last launch, by category."""
    offered = offered_products(view.history)
    offers = offered.mutate(
        price_cents=(offered.price * 100).cast("int64"),
        launch_age=offered.as_of_date.delta(offered.launched_on, unit="day").cast("int64"),
    )
    return (
        offers.group_by("as_of_date", "category")
        .aggregate(entry_cents=offers.price_cents.min(), newest_days=offers.launch_age.min())
        .mutate(entry_price=ibis._.entry_cents.cast("float64") / 100.0)
    )


def _usual_amount(view: View) -> ir.Table:
    events = view.history.known("product_events")
    recent = events.filter((events.kind == "acquired") & within(events, YEAR_DAYS))
    return recent.group_by("as_of_date", "customer_id").aggregate(
        usual_cents=ratio(recent.amount_cents.sum().cast("int64"), recent.amount_cents.count())
    )
