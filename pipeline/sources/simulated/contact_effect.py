"""What contacts do to people: the one place where marketing causes anything.

The effect of a message about a category works on that category's hazards in the period after it
was delivered. It differs from channel to channel (`contacts`) and from person to person
(`People.receptivity`: persuadables, lost causes, sleeping dogs), is the greater the better disposed
a customer is, grows less than in proportion with the contacts, and wears off in those who get too
many of them, down to nothing. Whoever receives too many also cancels more.

A wave whose outcome is to be simulated puts its contacts into `State.contacts` (see
`scene.with_and_without_contact`); nothing else is needed.
"""

import numpy as np

from pipeline.sources.simulated.arrays import Floats, sigmoid
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.state import State

_TOO_MANY = 6.0
"""Irritation of late, in e-mails, at which half of the effect is gone."""
_PUT_OFF = 0.16
"""Log-odds that one e-mail costs with sleeping dogs of receptivity -1, before it saturates."""


def effect_on_acquisition(people: People, state: State) -> Floats:
    """Return the shift of the log-odds of acquisition and upgrade, [customers, categories]."""
    # Fatigue dulls what persuades; it does not soothe those whom contacts put off.
    attention = sigmoid(0.9 * (_TOO_MANY - state.fatigue))
    goodwill = sigmoid(1.2 + 1.5 * state.satisfaction)
    ready = np.maximum(people.receptivity, 0) * attention * goodwill
    put_off = np.minimum(people.receptivity, 0)
    effect: Floats = ready[:, None] * np.tanh(state.contacts.persuasion) + put_off[:, None] * (
        np.tanh(_PUT_OFF * state.contacts.irritation)
    )
    return effect


def effect_on_cancellation(people: People, fatigue: Floats) -> Floats:
    """Return the shift of the log-odds of cancelling, by customer."""
    irritation = 0.8 * sigmoid(fatigue - 1.4 * _TOO_MANY)
    put_off = 0.4 * (people.receptivity < 0) * np.tanh(0.5 * fatigue)
    effect: Floats = irritation + put_off
    return effect
