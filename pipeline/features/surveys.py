"""What the customer said when asked; scores of all instruments on one scale from 0 to 10."""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, windowed
from pipeline.features.family import KEYS, View
from pipeline.features.measures import YEAR_DAYS, ratio, within
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
    Feature(
        "last_csat",
        "Last CSAT score, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Gave a CSAT of {value} of 10",
    ),
    Feature(
        "last_ces",
        "Last CES score, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Gave a CES of {value} of 10",
    ),
    Feature(
        "mean_nps",
        "Mean NPS score, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Gives an NPS of {value} on average",
    ),
    Feature(
        "mean_csat",
        "Mean CSAT score, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Gives a CSAT of {value} of 10 on average",
    ),
    Feature(
        "mean_ces",
        "Mean CES score, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Gives a CES of {value} of 10 on average",
    ),
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
        "last_step",
        "Last score less the one before of the same instrument, from 0 to 10",
        "score",
        "fewer than two answers to the instrument answered last",
        "Last rating, less the one before: {value} points of 10",
    ),
    *windowed(
        Feature(
            "lowest_score",
            "Lowest score of the answers of the last {days} days, from 0 to 10",
            "score",
            "no answer in the window",
            "Worst rating in the last {days} days: {value} of 10",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "bad_answers",
            "Answers of the last {days} days with a score of 4 of 10 or less",
            "count",
            NEVER,
            "Gave [a bad rating|{value} bad ratings] in the last {days} days",
        ),
        (365,),
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
        "surveys_since_answer",
        "Surveys sent after the last one that was answered; all where none was",
        "count",
        NEVER,
        "Has left {value} [survey|surveys] unanswered since the last answer",
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
    keys = KEYS["customer"]

    def mean(where: ir.BooleanValue) -> ir.NumericValue:
        total = asked.centi_score.sum(where=where).cast("int64")
        return ratio(total, CENTI * asked.count(where=is_answered & where))

    is_bad = asked.centi_score <= BAD * CENTI
    in_year = asked.answer_age <= YEAR_DAYS
    measures = asked.group_by(keys).aggregate(
        **{f"asked__{days}d": asked.count(where=within(asked, days)) for days in (90, 365)},
        **{f"mean_{name}": mean(asked.instrument == name) for name in SCALES},
        mean_score=mean(is_answered),
        lowest_score__365d=_scored(asked.centi_score.min(where=in_year)),
        bad_answers__365d=asked.count(where=is_bad & in_year),
        answered_share=ratio(asked.count(where=is_answered), asked.count()),
        answer_delay=ratio(
            asked.delay_days.sum(where=is_answered).cast("int64"), asked.count(where=is_answered)
        ),
        surveys_since_answer=asked.count(
            where=asked.answered_age.isnull() | (asked.age_seconds < asked.answered_age)
        ),
        days_since_asked=asked.age_days.min(),
        days_since_answer=asked.answer_age.min(where=is_answered),
        days_since_bad_answer=asked.answer_age.min(where=is_bad),
    )
    joined = left_join(measures, _last(asked), keys)
    return joined.mutate(score_change=joined.last_score - joined.mean_score)


def _on_one_scale(view: View) -> ir.Table:
    asked = view.history.known("surveys")
    branches = [
        (asked.instrument == name, (asked.score - low) * (TOP / (high - low)))
        for name, (low, high) in SCALES.items()
    ]
    scaled = ibis.cases(*branches, else_=ibis.null("float64"))
    age_of_answered = ibis.ifelse(asked.score.notnull(), asked.age_seconds, ibis.null("int64"))
    customer = [asked[key] for key in KEYS["customer"]]
    return asked.mutate(
        centi_score=(scaled * CENTI + 0.5).floor().cast("int64"),
        answer_age=asked.as_of_date.delta(asked.answered_at.date(), unit="day").cast("int64"),
        delay_days=asked.answered_at.date().delta(asked.sent_at.date(), unit="day").cast("int64"),
        answered_age=age_of_answered.min().over(group_by=customer),
    )


def _last(asked: ir.Table) -> ir.Table:
    """Return the last answer of any instrument and of each; of equals the survey id decides."""
    answers = asked.filter(asked.score.notnull())
    keys = KEYS["customer"]

    def newest(*by: str) -> ir.IntegerColumn:
        order = [answers.answered_at.desc(), answers.survey_id.desc()]
        return ibis.row_number().over(group_by=[answers[key] for key in by], order_by=order)

    same_instrument = [answers[key] for key in (*keys, "instrument")]
    before = answers.centi_score.lag().over(
        group_by=same_instrument, order_by=[answers.answered_at, answers.survey_id]
    )
    ranked = answers.mutate(
        any_place=newest(*keys),
        instrument_place=newest(*keys, "instrument"),
        step=answers.centi_score - before,
    )
    is_last, is_newest = ranked.any_place == 0, ranked.instrument_place == 0
    last = ranked.group_by(keys).aggregate(
        last_score=_scored(ranked.centi_score.max(where=is_last)),
        last_step=_scored(ranked.step.max(where=is_last)),
        last_delay=ranked.delay_days.max(where=is_last),
        **{
            f"last_{name}": _scored(
                ranked.centi_score.max(where=is_newest & (ranked.instrument == name))
            )
            for name in SCALES
        },
    )
    return last.mutate(
        promoter=ibis.cases(
            (last.last_nps >= PROMOTER, 1),
            (last.last_nps > DETRACTOR, 0),
            (last.last_nps <= DETRACTOR, -1),
        ).cast("int64")
    )


def _scored(centi_score: ir.IntegerValue) -> ir.NumericValue:
    return centi_score.cast("float64") / float(CENTI)
