"""The glossary: the one list behind docs/glossary.md and the words that the page explains."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

CAMPAIGN, MODELS = "campaign", "models"
"""The pages of the report."""


@dataclass(frozen=True)
class Term:
    """One term of the field, and what it means in plain words."""

    name: str
    meaning: str
    pages: tuple[str, ...] = (MODELS,)
    """Those of the report that explain it; none for what only code and documents speak of."""


GLOSSARY: tuple[Term, ...] = (
    Term(
        "As-of date",
        "The date that features are computed for. Nothing that became known on it or later was used.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term(
        "Eligible",
        "May be asked the question at all. Every figure holds for eligible customers only, unless it "
        "is called naive.",
    ),
    Term(
        "Propensity",
        "Calibrated probability that it happens within the outcome window: of customers with 0.10, "
        "about 10 in 100 do.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term(
        "Decile, top percent, rank",
        "Place among the eligible customers of a category. 1 is best: `top_percent` 1 is the top 1%.",
    ),
    Term("Base rate", "Share of all eligible customers who did it in the last measured window."),
    Term("Lift", "Response in the top part over the base rate. 2 is twice as many as by chance."),
    Term("Gain", "Share of all responders that the top part holds."),
    Term(
        "Treated, control",
        "Treated customers are contacted. A campaign control is withheld from one wave, a universal "
        "control from all marketing; what they do is what happens without contact.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term("Uplift", "Response with contact less response without. Never the same as lift."),
    Term("AUC", "How often a responder is ranked above a non-responder; 0.5 is chance."),
    Term("Average precision", "Share of responders in the list, averaged from its top down."),
    Term("Log loss", "How far predicted probabilities are from what happened; lower is better."),
    Term(
        "Expected calibration error (ECE)",
        "Mean gap between predicted and observed rates over 20 equal parts; lower is better.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term(
        "Calibration slope, intercept",
        "Slope 1 and intercept 0 are perfect. A slope below 1 is overconfident: the model is too sure "
        "of its differences. An intercept above 0 means that more happened than was predicted.",
    ),
    Term(
        "Confidence interval",
        "95 in 100 bootstrap draws of customers with replacement fall between the two numbers in small "
        "print. A difference is significant where its interval leaves out 0, a ratio where it leaves "
        "out 1.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term(
        "Out-of-time test (holdout)",
        "The latest as-of dates with a known outcome. The model has not learnt from them, so they show "
        "how it does on what is new.",
    ),
    Term(
        "Association-rule baseline",
        "Ranks by what goes with what is held: how often customers with the same products acquire the "
        "category. One of the simple rules that a model must beat.",
    ),
    Term(
        "Population stability index (PSI)",
        "How far a distribution has moved from that of the training rows; above 0.25 is much.",
    ),
    Term(
        "Observation window",
        "The days before the as-of date that a feature looks at, the as-of date left out.",
        pages=(),
    ),
    Term(
        "Outcome window",
        "The days after the as-of date, and after a gap if one is set, in which the outcome must "
        "happen to count.",
        pages=(),
    ),
    Term(
        "Known at",
        "When the company knew a fact, which may be later than when it happened. Features go by it.",
        pages=(),
    ),
    Term(
        "Leakage",
        "A feature that knows the outcome: figures look too good in the test and fail in use.",
        pages=(),
    ),
    Term(
        "Candidate",
        "A category that may be offered to a customer, for one of the two models.",
        pages=(),
    ),
    Term(
        "Up-sell, cross-sell",
        "Up-sell: holds a category below its top tier and may move to a higher one. Cross-sell: holds "
        "nothing of a category and may acquire something of it.",
        pages=(CAMPAIGN, MODELS),
    ),
    Term(
        "Baseline",
        "What a company has without a model: the base rate of the category, recency, RFM, association "
        "rules; and a logistic regression. Trained and measured beside every model.",
    ),
    Term(
        "Champion, challenger",
        "The model that scores, and the one just trained that wants its place.",
    ),
    Term(
        "Promotion gate",
        "The rules a challenger must hold to before it scores: better than champion and baselines, "
        "calibrated, without signs of leakage.",
    ),
    Term(
        "Backtest",
        "The whole procedure repeated at dates of the past, each judged on what followed it.",
    ),
    Term(
        "Ablation",
        "Training again without a part, such as a feature family, to see what the part is worth.",
        pages=(),
    ),
    Term(
        "Hyperparameter",
        "A setting of the estimator that tuning chooses on the validation split, such as the number "
        "of leaves.",
        pages=(),
    ),
    Term(
        "Calibration",
        "Turning raw scores into probabilities that come true, learnt on later rows than the fit.",
        pages=(),
    ),
    Term(
        "Shrinkage",
        "Drawing a rate that was counted on few cases towards the rate of all, by a prior strength "
        "given as a number of cases.",
        pages=(),
    ),
    Term(
        "Cluster bootstrap",
        "Confidence intervals from drawing whole customers, not rows: one customer's rows resemble "
        "each other.",
        pages=(),
    ),
    Term(
        "Stratum",
        "A group within which treated and controls are compared, such as a campaign.",
        pages=(),
    ),
    Term(
        "Intention to treat",
        "Everybody counts in the arm that the draw put them in, whether or not they were reached.",
        pages=(),
    ),
    Term(
        "Nuisance model",
        "A model of the outcome or of the treatment that is needed to estimate an effect, and is not "
        "itself of interest.",
        pages=(),
    ),
    Term(
        "Qini coefficient",
        "How much more a ranking lets the contacts cause than contacting at random would.",
        pages=(),
    ),
    Term(
        "Incremental profit",
        "Effect of the contact times value, less what the contact costs. Gross profit also counts what "
        "would happen anyway.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Action probability",
        "The probability with which the offer that a customer got was drawn.",
        pages=(),
    ),
    Term(
        "Wave, seal",
        "What is sent together. Sealing keeps it as it was sent, so that the measurement depends on "
        "nothing that changed later.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Suppressed",
        "Excluded from contact by a rule, always with its reason.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "RFM",
        "Recency, frequency and monetary value of purchases: the classic segmentation.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Effect",
        "How much likelier the contact makes it, for one customer: the uplift that is measured, "
        "estimated or assumed.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Exploration",
        "Contacts drawn at random among all that are permitted, some at a loss, so that the effect of "
        "each choice can be learnt.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Lever",
        "A factor on the priority of a model or a category: what the company wants more of.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Spend threshold",
        "The order value from which a delivery or a gift is free.",
        pages=(CAMPAIGN,),
    ),
    Term(
        "Bounce-back voucher",
        "A voucher that comes with a purchase, counts for the next one and ends soon.",
        pages=(),
    ),
    Term(
        "Grade",
        "How many times the responders of the best rule without a model stand in the model's best "
        "tenth, as a letter from A, the best, to C. It decides nothing; the gate does.",
    ),
    Term(
        "Tier",
        "Place of a product among those of its category, from the lowest up; an up-sell moves to a "
        "higher one.",
    ),
    Term("Family", "Features that are made from the same tables and switched on and off together."),
    Term(
        "Quarantine",
        "Where validation puts rows that break a rule, with the rule; no later step uses them.",
    ),
)


def explained_on(page: str) -> list[tuple[str, str]]:
    """Return the terms that a page uses, in its order, each with its meaning.

    Args:
        page: CAMPAIGN or MODELS.
    """
    return [(term.name, term.meaning) for term in GLOSSARY if page in term.pages]


def glossary_markdown(terms: Sequence[Term] = GLOSSARY) -> str:
    """Return docs/glossary.md: every term in alphabetical order."""
    ordered = sorted(terms, key=lambda term: term.name.lower())
    lines = [f"**{term.name}**: {term.meaning}" for term in ordered]
    return "\n\n".join(["# Glossary", *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(glossary_markdown())
