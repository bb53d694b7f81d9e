"""What the customer said when asked; scores of all instruments on one scale from 0 to 10."""

import ibis
import ibis.expr.types as ir

from pipeline.features.feature import KEYS
from pipeline.features.view import View
from pipeline.features.window_expressions import ratio
from pipeline.population.joins import left_join

# Lowest and highest score: NPS 0–10, CSAT 1–5, CES 1–7.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
TOP = 10
BAD = 4
CENTI = 100


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
