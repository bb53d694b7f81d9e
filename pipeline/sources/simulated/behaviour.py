"""How customers behave by category: the hidden constants that a model must find out.

Log-odds throughout, per period of 28 days. A reader who wants another company turns these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated.arrays import Floats
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT

TASTES = ("technology", "home", "comfort", "outdoors", "caution")
STAGES = ("young", "couple", "family", "empty_nest", "retired", "business")


@dataclass(frozen=True)
class Behaviour:
    """One category's constants."""

    acquire: float
    """Of a customer who holds nothing of the category and is average in everything."""
    upgrade: float
    """Of a holder below the top tier."""
    repeat: float
    """Of a holder who buys the tier they have, or a lower one, once more."""
    owned: float
    """Of holding something when the records begin."""
    tastes: tuple[float, float, float, float, float]
    """By TASTES."""
    stages: tuple[float, float, float, float, float, float]
    """By STAGES."""
    income: tuple[float, float]
    """Where on the income scale interest rises, and by how much."""
    season: tuple[int, float]
    """The month of the peak, and its height over the yearly mean."""
    cancel: float = -20.0


BEHAVIOUR: dict[str, Behaviour] = {
    "internet": Behaviour(
        acquire=-3.5,
        upgrade=-4.6,
        repeat=-6.0,
        owned=0.3,
        cancel=-4.6,
        tastes=(0.8, 0.2, 0.0, -0.1, 0.0),
        stages=(0.2, 0.2, 0.5, 0.0, -0.8, 0.6),
        income=(-0.5, 0.3),
        season=(9, 0.25),
    ),
    "mobile": Behaviour(
        acquire=-3.1,
        upgrade=-4.3,
        repeat=-5.0,
        owned=0.4,
        cancel=-4.4,
        tastes=(0.6, 0.0, 0.2, 0.2, -0.2),
        stages=(0.6, 0.2, 0.3, 0.0, -0.6, 0.4),
        income=(-0.8, 0.2),
        season=(12, 0.3),
    ),
    "tv": Behaviour(
        acquire=-3.6,
        upgrade=-4.4,
        repeat=-6.5,
        owned=-0.6,
        cancel=-4.0,
        tastes=(0.4, 0.3, 0.8, -0.3, 0.0),
        stages=(0.1, 0.1, 0.6, 0.1, 0.2, -1.2),
        income=(-0.2, 0.2),
        season=(11, 0.3),
    ),
    "insurance": Behaviour(
        acquire=-4.0,
        upgrade=-4.9,
        repeat=-6.5,
        owned=-0.8,
        cancel=-4.8,
        tastes=(-0.2, 0.4, 0.0, 0.0, 1.0),
        stages=(-0.9, 0.1, 0.5, 0.3, 0.1, 0.4),
        income=(0.3, 0.5),
        season=(1, 0.2),
    ),
    "energy": Behaviour(
        acquire=-4.2,
        upgrade=-20.0,
        repeat=-8.0,
        owned=-0.8,
        cancel=-4.6,
        tastes=(0.0, 0.7, 0.0, 0.3, 0.4),
        stages=(-0.6, 0.2, 0.3, 0.3, 0.2, 0.2),
        income=(0.0, -0.3),
        season=(1, 0.35),
    ),
    "security": Behaviour(
        acquire=-4.6,
        upgrade=-4.7,
        repeat=-6.5,
        owned=-1.5,
        cancel=-4.7,
        tastes=(0.3, 0.5, 0.0, 0.0, 1.0),
        stages=(-1.2, -0.1, 0.5, 0.4, 0.1, 0.6),
        income=(0.8, 0.8),
        season=(7, 0.35),
    ),
    "smartphones": Behaviour(
        acquire=-3.3,
        upgrade=-4.7,
        repeat=-4.8,
        owned=-0.6,
        tastes=(1.1, -0.1, 0.1, 0.0, -0.2),
        stages=(0.7, 0.2, 0.3, -0.2, -0.9, 0.2),
        income=(0.2, 0.4),
        season=(12, 0.5),
    ),
    "appliances": Behaviour(
        acquire=-3.8,
        upgrade=-5.1,
        repeat=-4.4,
        owned=-0.6,
        tastes=(0.1, 1.0, 0.2, 0.0, 0.1),
        stages=(-0.7, 0.4, 0.6, 0.0, -0.1, -0.6),
        income=(0.0, 0.4),
        season=(11, 0.45),
    ),
    "coffee_machines": Behaviour(
        acquire=-4.1,
        upgrade=-4.9,
        repeat=-5.5,
        owned=-1.2,
        tastes=(0.3, 0.3, 1.0, 0.0, 0.0),
        stages=(0.0, 0.3, 0.1, 0.1, -0.3, 0.7),
        income=(0.5, 0.6),
        season=(12, 0.55),
    ),
    "coffee": Behaviour(
        acquire=-3.1,
        upgrade=-4.0,
        repeat=1.6,
        owned=-0.6,
        tastes=(0.0, 0.1, 1.0, 0.1, 0.0),
        stages=(-0.2, 0.1, 0.1, 0.2, 0.1, 0.7),
        income=(0.2, 0.3),
        season=(1, 0.2),
    ),
    "pet_food": Behaviour(
        acquire=-4.1,
        upgrade=-4.3,
        repeat=1.9,
        owned=-1.2,
        tastes=(-0.2, 0.3, 0.2, 0.8, 0.0),
        stages=(-0.3, 0.3, 0.5, 0.2, 0.0, -1.5),
        income=(0.0, 0.2),
        season=(6, 0.1),
    ),
    "garden": Behaviour(
        acquire=-3.6,
        upgrade=-20.0,
        repeat=0.6,
        owned=-1.4,
        tastes=(-0.3, 0.6, 0.0, 1.0, 0.0),
        stages=(-1.1, -0.1, 0.4, 0.6, 0.4, -0.7),
        income=(0.4, 0.4),
        season=(5, 0.8),
    ),
}
# Who holds the one grows interested in the other.
_LEADS_TO = {
    ("internet", "tv"): 0.6,
    ("internet", "mobile"): 0.5,
    ("internet", "security"): 0.3,
    ("mobile", "smartphones"): 0.5,
    ("mobile", "internet"): 0.4,
    ("tv", "internet"): 0.4,
    ("insurance", "security"): 0.6,
    ("security", "insurance"): 0.5,
    ("energy", "appliances"): 0.3,
    ("appliances", "insurance"): 0.4,
    ("appliances", "energy"): 0.3,
    ("smartphones", "mobile"): 0.5,
    ("coffee_machines", "coffee"): 0.9,
    ("coffee", "coffee_machines"): 0.7,
    ("pet_food", "garden"): 0.2,
    ("garden", "pet_food"): 0.2,
}
# Categories that need a condition few tables tell of: an animal, a piece of ground.
NEEDS = {"pet_food": 0, "garden": 1}


def constants(values: Sequence[float]) -> Floats:
    """Return one value a category as a row."""
    return np.array(values, np.float32)


def acquire() -> Floats:
    """Return the log-odds of a first acquisition, by category."""
    return constants([BEHAVIOUR[category.name].acquire for category in CATEGORIES])


def upgrade() -> Floats:
    """Return the log-odds of a higher tier, by category."""
    return constants([BEHAVIOUR[category.name].upgrade for category in CATEGORIES])


def repeat() -> Floats:
    """Return the log-odds of the same tier once more, by category."""
    return constants([BEHAVIOUR[category.name].repeat for category in CATEGORIES])


def cancel() -> Floats:
    """Return the log-odds of the end of a subscription, by category."""
    return constants([BEHAVIOUR[category.name].cancel for category in CATEGORIES])


def owned() -> Floats:
    """Return the log-odds of holding something when the records begin, by category."""
    return constants([BEHAVIOUR[category.name].owned for category in CATEGORIES])


def tastes() -> Floats:
    """Return [categories, TASTES]: how much each taste draws to a category."""
    return np.array([BEHAVIOUR[category.name].tastes for category in CATEGORIES], np.float32)


def stages() -> Floats:
    """Return [STAGES, categories]: how much each stage of life draws to a category."""
    return np.array([BEHAVIOUR[category.name].stages for category in CATEGORIES], np.float32).T


def incomes() -> tuple[Floats, Floats]:
    """Return where interest rises on the income scale, and by how much, by category."""
    pairs = [BEHAVIOUR[category.name].income for category in CATEGORIES]
    return constants([where for where, _ in pairs]), constants([much for _, much in pairs])


def seasons(month: int) -> Floats:
    """Return each category's seasonal shift in a month: a yearly wave around zero."""
    pairs = [BEHAVIOUR[category.name].season for category in CATEGORIES]
    phases = np.array([2 * np.pi * (month - peak) / 12 for peak, _ in pairs])
    wave: Floats = constants([height for _, height in pairs]) * constants(list(np.cos(phases)))
    return wave


def leads_to() -> Floats:
    """Return [held category, other category]: how much holding the one draws to the other."""
    names = [category.name for category in CATEGORIES]
    matrix = np.zeros((COUNT, COUNT), np.float32)
    for (held, other), weight in _LEADS_TO.items():
        matrix[names.index(held), names.index(other)] = weight
    return matrix
