"""Marketing contacts by channel: what each carries towards a purchase, and what it costs in patience.

A call moves more people than a letter, and a letter more than an e-mail or a push message; it also
puts off more. Orders of magnitude, as rises of the odds among those who are receptive: about a
quarter for an e-mail or text message, two fifths for a letter, nine tenths for a call.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.sources.simulated.arrays import Floats, Whole
from pipeline.sources.simulated.people import People


@dataclass(frozen=True)
class Channel:
    """What one contact on a channel does."""

    name: str
    persuasion: float
    """Added to what draws the receptive to a category, in log-odds before it saturates."""
    irritation: float
    """Added to what puts off sleeping dogs, and to everybody's fatigue; an e-mail is one."""
    digital: float
    """By how much more it persuades those who are at home on screens, as a share; below zero less."""


_CHANNELS = (
    Channel("email", 0.25, 1.0, 0.3),
    Channel("sms", 0.30, 1.3, 0.1),
    Channel("push", 0.20, 0.8, 0.5),
    Channel("mail", 0.41, 0.6, -0.4),
    Channel("phone", 1.10, 2.0, -0.3),
)
CHANNELS = tuple(channel.name for channel in _CHANNELS)
EMAIL, SMS, PUSH, MAIL, PHONE = range(len(CHANNELS))


@dataclass(frozen=True)
class Contacts:
    """What a period's contacts about each category add up to, [customers, categories] each."""

    persuasion: Floats
    irritation: Floats

    def __add__(self, other: Self) -> "Contacts":
        return Contacts(self.persuasion + other.persuasion, self.irritation + other.irritation)


def no_contacts(people: People, categories: int) -> Contacts:
    """Return nothing for anybody."""
    nothing = np.zeros((len(people), categories), np.float32)
    return Contacts(nothing, nothing)


def add_up(
    people: People, categories: int, *, customer: Whole, category: Whole, channel: Whole
) -> Contacts:
    """Return what single contacts add up to.

    Args:
        people: latent traits.
        categories: how many there are.
        customer: who was reached, one entry a contact.
        category: about what.
        channel: place in CHANNELS; NONE, such as an offer on the web, reaches nobody.
    """
    shape = (len(people), categories)
    cells = customer * categories + category

    def total(weights: Floats) -> Floats:
        reached = np.where(channel >= 0, weights, 0)
        sums = np.bincount(cells, reached, minlength=shape[0] * shape[1])
        return sums.reshape(shape).astype(np.float32)

    return Contacts(total(persuasion(people)[customer, channel]), total(irritation()[channel]))


def one_contact(people: People, categories: int, channel: int) -> Contacts:
    """Return one contact on a channel for everybody and each category, each as if it came alone."""
    shape = (len(people), categories)
    return Contacts(
        np.broadcast_to(persuasion(people)[:, [channel]], shape),
        np.full(shape, irritation()[channel]),
    )


def persuasion(people: People) -> Floats:
    """Return what one contact adds towards a purchase, [customers, channels]."""
    strength = np.array([channel.persuasion for channel in _CHANNELS], np.float32)
    tilt = np.array([channel.digital for channel in _CHANNELS], np.float32)
    by_person: Floats = strength * (1 + tilt * np.tanh(people.digital)[:, None])
    return by_person


def irritation() -> Floats:
    """Return what one contact costs in patience, by channel."""
    return np.array([channel.irritation for channel in _CHANNELS], np.float32)
