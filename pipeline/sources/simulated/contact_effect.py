"""What contacts do to people: the one place where marketing causes anything.

The effect of a message about a category works on that category's hazards in the period after it
was delivered. It differs from person to person (`People.receptivity`: persuadables, lost causes,
sleeping dogs), grows less than in proportion with the number of messages, and wears off in those
who get too many of them, down to nothing. Whoever receives too many also cancels more.

A wave whose outcome is to be simulated puts its contacts into `State.contacts` (see
`scene.with_and_without_contact`); nothing else is needed.
"""

import numpy as np

from pipeline.sources.simulated.arrays import Floats, sigmoid
from pipeline.sources.simulated.people import People

_TOO_MANY = 5.0
"""Messages of late at which half of the effect is gone."""


def effect_on_acquisition(people: People, contacts: Floats, fatigue: Floats) -> Floats:
    """Return the shift of the log-odds of acquisition and upgrade, [customers, categories].

    Args:
        people: latent traits.
        contacts: messages about each category in the period before, [customers, categories].
        fatigue: messages of late, by customer.
    """
    dose = np.tanh(0.9 * contacts)
    attention = sigmoid(0.9 * (_TOO_MANY - fatigue))
    # Fatigue dulls what persuades; it does not soothe those whom contacts put off.
    strength = np.where(people.receptivity > 0, people.receptivity * attention, people.receptivity)
    effect: Floats = dose * strength[:, None]
    return effect


def effect_on_cancellation(people: People, fatigue: Floats) -> Floats:
    """Return the shift of the log-odds of cancelling, by customer."""
    irritation = 0.8 * sigmoid(fatigue - 1.4 * _TOO_MANY)
    put_off = 0.4 * (people.receptivity < 0) * np.tanh(0.5 * fatigue)
    effect: Floats = irritation + put_off
    return effect
