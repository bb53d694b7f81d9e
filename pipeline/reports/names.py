"""What models and scorers are called where people read of them."""

from collections.abc import Mapping

SCORERS: Mapping[str, str] = {
    "model": "Trained model",
    "truth": "Truth (known to the simulator)",
    "base_rate": "Base rate of the category",
    "recency": "Recency",
    "rfm": "Recency, frequency, value",
    "association": "Association-rule baseline",
    "logistic": "Logistic regression",
}
IN_A_SENTENCE: Mapping[str, str] = {
    "base_rate": "the base rate of the category",
    "recency": "recency",
    "rfm": "recency, frequency and value",
    "association": "association rules",
    "logistic": "a logistic regression",
}
IN_PLAIN_WORDS: Mapping[str, str] = {"association": "what goes with what is held"}
"""Of the scorers whose name is a term of the field."""
QUESTIONS: Mapping[str, str] = {
    "up_sell": "Who holds a category below its top tier and will move to a higher tier?",
    "cross_sell": "Who holds nothing of a category and will acquire something of it?",
}
TITLES: Mapping[str, str] = {"up_sell": "Up-sell", "cross_sell": "Cross-sell"}

CHANNELS: Mapping[str, str] = {
    "email": "E-mail",
    "sms": "SMS",
    "push": "Push",
    "mail": "Letter",
    "phone": "Call",
    "web": "Web",
    "app": "App",
    "store": "Store",
}


SEGMENTS_IN_ORDER = (
    *("prospect", "visitor", "first_purchase", "repeat", "loyal", "inactive"),
    *("champions", "big_spenders", "loyal_small_baskets", "new_or_returning", "steady", "at_risk"),
    *("cannot_lose", "hibernating", "never_bought"),
)
"""Lifecycle stages and RFM segments, each as people go through them."""


def in_segment_order(name: str) -> tuple[int, str]:
    """Return the place of a stage or segment; one that is not known comes last, by name."""
    known = name in SEGMENTS_IN_ORDER
    return SEGMENTS_IN_ORDER.index(name) if known else len(SEGMENTS_IN_ORDER), name


def in_words(name: str) -> str:
    """Return a name of the code as the first words of a line, such as `Pet food`."""
    return name.replace("_", " ").capitalize()


def channel(name: str) -> str:
    """Return how a channel is called."""
    return CHANNELS.get(name, in_words(name))


def scorer(name: str) -> str:
    """Return how a scorer is called."""
    return SCORERS.get(name, in_words(name))
