"""The package any CRM team can load: UTF-8, commas, ISO dates, quotes only where needed."""

from dataclasses import replace

from pipeline.exports.completed_offers import SEGMENT
from pipeline.exports.offer_columns import NO_OFFER, OFFERED, SENDING, columns_for
from pipeline.exports.profile import File, FileColumn, Profile

_NONE_ELIGIBLE = "no category may be offered; {model}_note says why"

_AS_OF_DATE, _CUSTOMER_ID = columns_for({"as_of_date": "as_of_date", "customer_id": "customer_id"})

_REASON = "reason_{position}"
_LIMITS = {
    "low": "Lower end of the 90% interval of the propensity: where the share of customers with "
    "this score and category who do it will lie. It is no interval of one person's own probability.",
    "high": "Upper end of the 90% interval of the propensity.",
}
_NO_LIMITS = "too little is known of the past to say how uncertain the propensity is"

_IS_SENDABLE = FileColumn(
    "is_sendable",
    "is_sendable",
    "flag",
    "Whether the customer is to be contacted; offers.csv holds exactly these.",
    required=True,
)

# In the wide table what is offered stands beside what each model says: `offer_` tells them apart.
_DECISION = (
    _IS_SENDABLE,
    FileColumn(
        "arm",
        "arm",
        "text",
        "treated; campaign_control and universal_control are left alone so that the effect can be "
        "measured.",
        empty=NO_OFFER,
    ),
    FileColumn(
        "suppression_reason",
        "suppression_reason",
        "text",
        "Why the customer is not to be contacted.",
        empty="the customer is to be contacted",
    ),
    *(
        replace(column, source=f"offer_{column.source}", header=f"offer_{column.header}")
        for column in columns_for(
            {name: name.removesuffix("_cents") for name in (*OFFERED, _REASON)}
        )
    ),
    *columns_for({name: name for name in SENDING}),
)

_CUSTOMERS = File(
    name="customers.csv",
    rows="customers",
    grain="one row per valid customer; a model's columns describe the category with the customer's "
    "highest propensity",
    columns=(
        _AS_OF_DATE,
        _CUSTOMER_ID,
        FileColumn(
            "{model}_category",
            "{model}_category",
            "text",
            "The {model} category this customer is most likely to take.",
            empty=_NONE_ELIGIBLE,
        ),
        FileColumn(
            "{model}_propensity",
            "{model}_propensity",
            "decimal",
            "Calibrated probability, 0 to 1, that it happens within the outcome window: of "
            "customers with 0.10, about 10 in 100 do.",
            empty=_NONE_ELIGIBLE,
            decimals=6,
        ),
        *(
            FileColumn(
                f"{{model}}_propensity_{end}",
                f"{{model}}_propensity_{end}",
                "decimal",
                words,
                empty=f"no category may be offered, or {_NO_LIMITS}",
                decimals=6,
            )
            for end, words in _LIMITS.items()
        ),
        FileColumn(
            "{model}_top_percent",
            "{model}_top_percent",
            "integer",
            "Among the best this many percent of the eligible customers of this category: 1 is the "
            "top 1%, 100 the last; the best tenth is 10 or less.",
            empty=_NONE_ELIGIBLE,
        ),
        FileColumn(
            "{model}_decile",
            "{model}_decile",
            "integer",
            "Place among all eligible customers of this category, in tenths: 1 is best, 10 last.",
            empty=_NONE_ELIGIBLE,
        ),
        FileColumn(
            "{model}_base_rate",
            "{model}_base_rate",
            "decimal",
            "Share of all eligible customers who did it in the last measured outcome window.",
            empty="no category may be offered, or the share is not known",
            decimals=6,
        ),
        FileColumn(
            "{model}_lift",
            "{model}_lift",
            "decimal",
            "Propensity divided by base rate: 2.00 is twice as likely as the average.",
            empty="no category may be offered, or the base rate is zero or not known",
            decimals=2,
        ),
        FileColumn(
            "{model}_reason_{position}",
            "{model}_reason_{position}",
            "text",
            "Reason {position} for the propensity, facts about the customer first and the strongest "
            "of them before the others: what the model saw in this customer's past. It describes a pattern, and does not claim a cause.",
            empty="no further reason",
        ),
        FileColumn(
            "{model}_note",
            "{model}_note",
            "text",
            "Why no category is named.",
            empty="a category is named",
        ),
        FileColumn(
            "{model}_model_version",
            "{model}_model_version",
            "text",
            "Version of the {model} model that scored; manifest.json says what kind it is.",
        ),
        *_DECISION,
        *columns_for({name: name.removesuffix("_cents") for name in SEGMENT}),
    ),
)

_OFFERS = File(
    name="offers.csv",
    rows="offers",
    grain="one row per customer to contact",
    only_sendable=True,
    unique=("customer_id",),
    columns=(
        _AS_OF_DATE,
        _CUSTOMER_ID,
        *columns_for(
            {name: name.removesuffix("_cents") for name in (*SENDING, *OFFERED, _REASON)},
            required=("campaign", "model", "category", "channel"),
        ),
    ),
)

_PROPENSITIES = File(
    name="propensities.csv",
    rows="propensities",
    grain="one row per model, category and eligible customer",
    columns=(
        _AS_OF_DATE,
        FileColumn("model", "model", "text", "up_sell or cross_sell.", required=True),
        FileColumn("category", "category", "text", "The category on offer.", required=True),
        _CUSTOMER_ID,
        FileColumn(
            "propensity",
            "propensity",
            "decimal",
            "Calibrated probability, 0 to 1, that it happens within the outcome window.",
            decimals=6,
            required=True,
        ),
        *(
            FileColumn(
                f"propensity_{end}",
                f"propensity_{end}",
                "decimal",
                words,
                empty=_NO_LIMITS,
                decimals=6,
            )
            for end, words in _LIMITS.items()
        ),
        FileColumn(
            "rank",
            "rank",
            "integer",
            "Place among the eligible customers of this model and category: 1 is best.",
            required=True,
        ),
        FileColumn(
            "top_percent",
            "top_percent",
            "integer",
            "Among the best this many percent: 1 is the top 1%, 100 the last.",
            required=True,
        ),
        FileColumn(
            "decile",
            "decile",
            "integer",
            "The place in tenths: 1 is best, 10 last.",
            required=True,
        ),
        FileColumn(
            "base_rate",
            "base_rate",
            "decimal",
            "Share of all eligible customers who did it in the last measured outcome window.",
            empty="the share is not known",
            decimals=6,
        ),
        FileColumn(
            "lift",
            "lift",
            "decimal",
            "Propensity divided by base rate: 2.00 is twice as likely as the average.",
            empty="the base rate is zero or not known",
            decimals=2,
        ),
        FileColumn(
            "model_version",
            "model_version",
            "text",
            "Version of the model that scored.",
            required=True,
        ),
    ),
)

_PRODUCT_LISTS = File(
    name="product_lists.csv",
    rows="product_lists",
    grain="one row per customer and place on the customer's list; control groups are left out",
    without_controls=True,
    columns=(
        _AS_OF_DATE,
        _CUSTOMER_ID,
        FileColumn(
            "position", "position", "integer", "Place on the list: 1 is first.", required=True
        ),
        FileColumn("product_id", "product_id", "text", "The product.", required=True, refers=True),
        FileColumn("category", "category", "text", "Its category.", required=True),
        FileColumn("list", "list", "text", "The list that the product comes from.", required=True),
        _IS_SENDABLE,
    ),
)

_PRODUCT_ASSOCIATIONS = File(
    name="product_associations.csv",
    rows="product_associations",
    grain="one row per kind of association, product and place, the strongest first",
    columns=(
        FileColumn(
            "kind",
            "kind",
            "text",
            "bought_together in one order, bought_next one after the other, or by the same_customer.",
            required=True,
        ),
        FileColumn("product_id", "product_id", "text", "The product.", required=True, is_id=True),
        FileColumn("position", "position", "integer", "Place: 1 is strongest.", required=True),
        FileColumn(
            "associated_product_id",
            "associated_product_id",
            "text",
            "The product that goes with it.",
            required=True,
            refers=True,
        ),
        FileColumn("category", "category", "text", "The product's category.", empty="it has none"),
        FileColumn(
            "associated_category",
            "associated_category",
            "text",
            "The category of what goes with it.",
            empty="it has none",
        ),
        FileColumn("count", "count", "integer", "How often the two came together."),
        FileColumn(
            "support", "support", "decimal", "Share of all baskets or customers.", decimals=6
        ),
        FileColumn(
            "confidence",
            "confidence",
            "decimal",
            "Share of those with the product that also have the other.",
            decimals=6,
        ),
        FileColumn(
            "lift",
            "lift",
            "decimal",
            "How many times as often as if the two had nothing to do with each other.",
            decimals=2,
        ),
        FileColumn(
            "lift_low", "lift_low", "decimal", "Lower end of its interval.", "not known", decimals=2
        ),
        FileColumn(
            "lift_high",
            "lift_high",
            "decimal",
            "Upper end of its interval.",
            "not known",
            decimals=2,
        ),
        FileColumn("relation", "relation", "text", "complement or substitute.", "neither is sure"),
    ),
)

PROFILE = Profile(
    name="generic",
    files=(_CUSTOMERS, _OFFERS, _PROPENSITIES, _PRODUCT_LISTS, _PRODUCT_ASSOCIATIONS),
    loading="Load offers.csv to send; customers.csv says of everyone else why not.",
)
