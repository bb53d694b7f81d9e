"""What the customer said when asked; scores of all instruments on one scale from 0 to 10."""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature
from pipeline.features.family import KEYS, View
from pipeline.features.measures import ratio
from pipeline.population.joins import left_join

NEEDS = ("surveys",)
NEVER_ANSWERED = "never answered such a survey before the as-of date"
# Lowest and highest score: NPS 0–10, CSAT 1–5, CES 1–7.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
TOP = 10
BAD = 4
CENTI = 100

FEATURES = (
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
        "last_step",
        "Last score less the one before of the same instrument, from 0 to 10",
        "score",
        "fewer than two answers to the instrument answered last",
        "Last rating, less the one before: {value} points of 10",
    ),
    Feature(
        "answered_share",
        "Share of the surveys that were answered",
        "share",
        "never asked before the as-of date",
        "Answers {value} of surveys",
    ),
    Feature(
        "last_delay",
        "Days from the survey to its answer, of the last answer",
        "days",
        NEVER_ANSWERED,
        "Took {value} [day|days] to answer the last survey",
    ),
    Feature(
        "days_since_asked",
        "Days since the last survey",
        "days",
        NEVER,
        "Last asked {value} [day|days] ago",
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
    answers = asked.count(where=is_answered)
    keys = KEYS["customer"]
    measures = asked.group_by(keys).aggregate(
        mean_score=ratio(asked.centi_score.sum(where=is_answered).cast("int64"), CENTI * answers),
        answered_share=ratio(answers, asked.count()),
        days_since_asked=asked.age_days.min(),
        days_since_answer=asked.answer_age.min(where=is_answered),
        days_since_bad_answer=asked.answer_age.min(where=asked.centi_score <= BAD * CENTI),
    )
    return left_join(measures, _last(asked), keys)


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
    """Return the last answer of any instrument; of equals the survey id decides."""
    answers = asked.filter(asked.score.notnull())
    keys = KEYS["customer"]
    newest_first = [answers.answered_at.desc(), answers.survey_id.desc()]
    place = ibis.row_number().over(group_by=[answers[key] for key in keys], order_by=newest_first)
    before = answers.centi_score.lag().over(
        group_by=[answers[key] for key in (*keys, "instrument")],
        order_by=[answers.answered_at, answers.survey_id],
    )
    placed = answers.mutate(place=place, step=answers.centi_score - before)
    last = placed.filter(placed.place == 0)
    return last.select(
        *keys,
        last_score=_scored(last.centi_score),
        last_step=_scored(last.step),
        last_delay=last.delay_days,
    )


def _scored(centi_score: ir.IntegerValue) -> ir.NumericValue:
    return centi_score.cast("float64") / float(CENTI)
