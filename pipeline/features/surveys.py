"""What the customer said when asked; scores of all instruments on one scale from 0 to 10."""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, windowed
from pipeline.features.family import View
from pipeline.features.measures import ratio, within
from pipeline.population.joins import left_join

NEEDS = ("surveys",)
NEVER_ANSWERED = "never answered such a survey before the as-of date"
# Lowest and highest score: NPS 0–10, CSAT 1–5, CES 1–7.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
TOP = 10
PROMOTER, DETRACTOR = 9, 6
BAD = 4
CENTI = 100

FEATURES = (
    Feature("last_nps", "Last NPS score", "score", NEVER_ANSWERED, "Gave an NPS of {value}"),
    Feature("last_csat", "Last CSAT score", "score", NEVER_ANSWERED, "Gave a CSAT of {value}"),
    Feature("last_ces", "Last CES score", "score", NEVER_ANSWERED, "Gave a CES of {value}"),
    Feature(
        "last_score",
        "Last score of any instrument, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Rated the company {value} of 10 last time",
    ),
    Feature(
        "mean_score",
        "Mean score of all instruments, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Rates the company {value} of 10 on average",
    ),
    Feature(
        "score_change",
        "Last score less the mean of all, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Last rating, less the average one: {value} points of 10",
    ),
    Feature(
        "promoter",
        "Last NPS: promoter 1, passive 0, detractor −1",
        "score",
        NEVER_ANSWERED,
        "Group in the last NPS: {value} (1 promoter, 0 passive, −1 detractor)",
    ),
    *windowed(
        Feature(
            "asked",
            "Surveys sent in the last {days} days",
            "count",
            NEVER,
            "Was asked [once|{value} times] in the last {days} days",
        ),
        (90, 365),
    ),
    Feature(
        "answered_share",
        "Share of the surveys that were answered",
        "share",
        "never asked before the as-of date",
        "Answers {value} of surveys",
    ),
    Feature(
        "answer_delay",
        "Mean days from survey to answer",
        "days",
        NEVER_ANSWERED,
        "Answers after {value} [day|days]",
    ),
    Feature(
        "days_since_answer",
        "Days since the last answer",
        "days",
        NEVER_ANSWERED,
        "Last answered a survey {value} [day|days] ago",
    ),
    Feature(
        "days_since_bad_answer",
        "Days since the last score of 4 of 10 or less",
        "days",
        "never gave a bad score before the as-of date",
        "Gave a bad rating {value} [day|days] ago",
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer who was asked before the as-of date."""
    asked = _on_one_scale(view)
    is_answered = asked.score.notnull()
    measures = asked.group_by("as_of_date", "customer_id").aggregate(
        **{f"asked__{days}d": asked.count(where=within(asked, days)) for days in (90, 365)},
        mean_score=ratio(
            asked.centi_score.sum().cast("int64"), CENTI * asked.count(where=is_answered)
        ),
        answered_share=ratio(asked.count(where=is_answered), asked.count()),
        answer_delay=ratio(
            asked.delay_days.sum(where=is_answered).cast("int64"), asked.count(where=is_answered)
        ),
        days_since_answer=asked.answer_age.min(where=is_answered),
        days_since_bad_answer=asked.answer_age.min(where=asked.centi_score <= BAD * CENTI),
    )
    joined = left_join(measures, _last(asked), ["as_of_date", "customer_id"])
    return joined.mutate(score_change=joined.last_score - joined.mean_score)


def _on_one_scale(view: View) -> ir.Table:
    asked = view.history.known("surveys")
    branches = [
        (asked.instrument == name, (asked.score - low) * (TOP / (high - low)))
        for name, (low, high) in SCALES.items()
    ]
    scaled = ibis.cases(*branches, else_=ibis.null("float64"))
    return asked.mutate(
        centi_score=(scaled * CENTI + 0.5).floor().cast("int64"),
        answer_age=asked.as_of_date.delta(asked.answered_at.date(), unit="day").cast("int64"),
        delay_days=asked.answered_at.date().delta(asked.sent_at.date(), unit="day").cast("int64"),
    )


def _last(asked: ir.Table) -> ir.Table:
    """Return the last answer of any instrument and of each; of equals the survey id decides."""
    answers = asked.filter(asked.score.notnull())
    keys = ["as_of_date", "customer_id"]

    def newest(*by: str) -> ir.IntegerColumn:
        order = [answers.answered_at.desc(), answers.survey_id.desc()]
        return ibis.row_number().over(group_by=[answers[key] for key in by], order_by=order)

    ranked = answers.mutate(any_place=newest(*keys), instrument_place=newest(*keys, "instrument"))
    is_newest = ranked.instrument_place == 0
    last = ranked.group_by(keys).aggregate(
        last_centi=ranked.centi_score.max(where=ranked.any_place == 0),
        **{
            f"last_{name}": ranked.score.max(where=is_newest & (ranked.instrument == name))
            for name in SCALES
        },
    )
    return last.mutate(
        last_score=last.last_centi.cast("float64") / float(CENTI),
        promoter=ibis.cases(
            (last.last_nps >= PROMOTER, 1),
            (last.last_nps > DETRACTOR, 0),
            (last.last_nps <= DETRACTOR, -1),
        ).cast("int64"),
    ).drop("last_centi")
