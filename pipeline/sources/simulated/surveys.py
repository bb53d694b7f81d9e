"""Surveys: NPS to some, CSAT and CES after service; the unhappy and the delighted answer more."""

from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated.arrays import (
    NONE,
    Codes8,
    Codes32,
    Flags,
    Floats,
    Rows,
    Whole,
    normal,
    sigmoid,
    uniform,
)
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.timeline import DAY, NEVER, draw_moments
from pipeline.sources.simulated.touches import Touches

INSTRUMENTS = ("nps", "csat", "ces")
NPS, CSAT, CES = range(3)
_SCALES = ((0, 10), (1, 5), (1, 7))
_MEANS = (7.3, 3.6, 4.9)
_SLOPES = (1.9, 0.85, 1.0)
_NOISES = (1.4, 0.7, 1.1)
_ASKED_SHARE = 0.035  # of customers, a period
_AFTER_SERVICE_SHARE = 0.3
COMMENTS = (
    "Nobody answered my call.",
    "Too expensive for what it is.",
    "The technician came twice and it still fails.",
    "I waited a week for a reply.",
    "It is all right.",
    "Works, but the app is slow.",
    "Delivery took longer than promised.",
    "Nothing to complain about.",
    "Friendly people in the shop.",
    "Quick and easy.",
    "I recommend it to everybody.",
    "Very good quality for the price.",
)
_BANDS = 3  # unhappy, lukewarm, happy: a third of COMMENTS each


@dataclass(frozen=True)
class Surveys(Rows):
    """Surveys sent."""

    customer: Codes32
    instrument: Codes8
    sent: Whole
    answered: Whole
    score: Codes8
    comment: Codes8
    known: Whole


@dataclass(frozen=True)
class _Questions(Rows):
    """Who is asked what, when."""

    customer: Whole
    instrument: Whole
    sent: Whole


def ask(scene: Scene, served: Touches) -> Surveys:
    """Draw a period's surveys and their answers.

    Args:
        scene: the start of the period.
        served: the service calls and incidents of the period.
    """
    rng = scene.random("surveys")
    asked = np.flatnonzero(scene.known & (uniform(rng, len(scene.people)) < _ASKED_SHARE))
    after = served.pick(rng.random(len(served)) < _AFTER_SERVICE_SHARE)
    later = after.occurred + rng.integers(3600, 2 * DAY, len(after))
    kinds = rng.choice([CSAT, CES], len(after), p=[0.65, 0.35])
    questions = _Questions(
        customer=np.concatenate([asked, after.customer]),
        instrument=np.concatenate([np.full(len(asked), NPS), kinds]),
        sent=np.concatenate([draw_moments(rng, scene.period, len(asked)), later]),
    )
    mood = scene.state.satisfaction[questions.customer] - 0.6 * (questions.instrument != NPS)
    answers = uniform(rng, len(mood)) < sigmoid(_willing(scene, questions.customer, mood))
    return _answer(rng, questions, mood, answers)


def _willing(scene: Scene, customer: Whole, mood: Floats) -> Floats:
    moved = 0.6 * np.abs(mood - 0.2) ** 1.5 + 0.3 * (mood < -1)
    willing: Floats = -1.5 + 0.7 * scene.people.candour[customer] + moved
    return willing


def _answer(
    rng: np.random.Generator, questions: _Questions, mood: Floats, answers: Flags
) -> Surveys:
    count = len(questions)
    wait = 60 + (1.5 * DAY * rng.exponential(1.0, count)).astype(np.int64)
    low, high = np.array(_SCALES).T[:, questions.instrument]
    level = np.array(_MEANS)[questions.instrument] + np.array(_SLOPES)[questions.instrument] * mood
    noise = np.array(_NOISES)[questions.instrument] * normal(rng, count)
    score = np.clip(np.round(level + noise), low, high).astype(np.int64)
    band = (score - low) * _BANDS // (high - low + 1)
    phrases = len(COMMENTS) // _BANDS
    comment = band * phrases + rng.integers(0, phrases, count)
    says = answers & (uniform(rng, count) < 0.35)
    return Surveys(
        **vars(questions),
        answered=np.where(answers, questions.sent + wait, NEVER),
        score=np.where(answers, score, NONE),
        comment=np.where(says, comment, NONE),
        known=questions.sent + rng.integers(0, 600, count),
    )
