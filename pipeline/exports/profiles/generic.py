"""The package any CRM team can load: UTF-8, commas, ISO dates, quotes only where needed."""

from pipeline.exports.profile import Column, File, Profile

_NONE_ELIGIBLE = "no category may be offered; {model}_note says why"

_AS_OF_DATE = Column(
    "as_of_date",
    "as_of_date",
    "date",
    "The day of looking: nothing known on this day or later was used.",
    required=True,
)
_CUSTOMER_ID = Column(
    "customer_id", "customer_id", "text", "The customer.", required=True, is_id=True
)

_CUSTOMERS = File(
    name="customers.csv",
    rows="customers",
    grain="one row per valid customer; a model's columns describe the category with the customer's "
    "highest propensity",
    columns=(
        _AS_OF_DATE,
        _CUSTOMER_ID,
        Column(
            "{model}_category",
            "{model}_category",
            "text",
            "The {model} category this customer is most likely to take.",
            empty=_NONE_ELIGIBLE,
        ),
        Column(
            "{model}_propensity",
            "{model}_propensity",
            "decimal",
            "Calibrated probability, 0 to 1, that it happens within the outcome window: of "
            "customers with 0.10, about 10 in 100 do.",
            empty=_NONE_ELIGIBLE,
            decimals=6,
        ),
        Column(
            "{model}_percentile",
            "{model}_percentile",
            "integer",
            "Place among all eligible customers of this category, in hundredths: 1 is best.",
            empty=_NONE_ELIGIBLE,
        ),
        Column(
            "{model}_decile",
            "{model}_decile",
            "integer",
            "Place among all eligible customers of this category, in tenths: 1 is best, 10 last.",
            empty=_NONE_ELIGIBLE,
        ),
        Column(
            "{model}_base_rate",
            "{model}_base_rate",
            "decimal",
            "Share of all eligible customers who did it in the last measured outcome window.",
            empty="no category may be offered, or the share is not known",
            decimals=6,
        ),
        Column(
            "{model}_lift",
            "{model}_lift",
            "decimal",
            "Propensity divided by base rate: 2.00 is twice as likely as the average.",
            empty="no category may be offered, or the base rate is zero or not known",
            decimals=2,
        ),
        Column(
            "{model}_reason_{position}",
            "{model}_reason_{position}",
            "text",
            "Reason {position} for the propensity, strongest first: what the model saw in this "
            "customer's past. It describes a pattern, and does not claim a cause.",
            empty="no further reason",
        ),
        Column(
            "{model}_note",
            "{model}_note",
            "text",
            "Why no category is named.",
            empty="a category is named",
        ),
        Column(
            "{model}_model_version",
            "{model}_model_version",
            "text",
            "Version of the {model} model that scored; manifest.json says what kind it is.",
        ),
    ),
)

_PROPENSITIES = File(
    name="propensities.csv",
    rows="propensities",
    grain="one row per model, category and eligible customer",
    columns=(
        _AS_OF_DATE,
        Column("model", "model", "text", "up_sell or cross_sell.", required=True),
        Column("category", "category", "text", "The category on offer.", required=True),
        _CUSTOMER_ID,
        Column(
            "propensity",
            "propensity",
            "decimal",
            "Calibrated probability, 0 to 1, that it happens within the outcome window.",
            decimals=6,
            required=True,
        ),
        Column(
            "rank",
            "rank",
            "integer",
            "Place among the eligible customers of this model and category: 1 is best.",
            required=True,
        ),
        Column(
            "percentile",
            "percentile",
            "integer",
            "The place in hundredths: 1 is best.",
            required=True,
        ),
        Column(
            "decile",
            "decile",
            "integer",
            "The place in tenths: 1 is best, 10 last.",
            required=True,
        ),
        Column(
            "base_rate",
            "base_rate",
            "decimal",
            "Share of all eligible customers who did it in the last measured outcome window.",
            empty="the share is not known",
            decimals=6,
        ),
        Column(
            "lift",
            "lift",
            "decimal",
            "Propensity divided by base rate: 2.00 is twice as likely as the average.",
            empty="the base rate is zero or not known",
            decimals=2,
        ),
        Column(
            "model_version",
            "model_version",
            "text",
            "Version of the model that scored.",
            required=True,
        ),
    ),
)

PROFILE = Profile(name="generic", files=(_CUSTOMERS, _PROPENSITIES))
