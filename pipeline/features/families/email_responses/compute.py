"""Marketing messages: what the marketer sent, kept apart from how the customer answered.

Shares are shrunk to those of all customers at the as-of date, since few messages are little
evidence. What is opened within seconds of its delivery was opened by a machine and does not count.
"""

import ibis.expr.types as ir

from pipeline.features.families.email_responses.declare import FEATURES
from pipeline.features.feature import KEYS
from pipeline.features.shrunk_rates import shrunk_share
from pipeline.features.view import View
from pipeline.features.window_expressions import within
from pipeline.population.joins import left_join

MACHINE_SECONDS = 10
PRIOR_MESSAGES = 5  # messages that the share of all customers is worth
CHANNELS = {"letters": "mail", "calls": "phone"}


def customer_features(view: View) -> ir.Table:
    """Return one row per customer who was sent a message before the as-of date."""
    sent = _with_opened(view.known("messages"))
    counted = sent.group_by(KEYS["customer"]).aggregate(**_chosen(sent), **_answered(sent))
    everyone = [counted.as_of_date]

    def share(hits: str, trials: str) -> ir.NumericValue:
        return shrunk_share(counted[hits], counted[trials], PRIOR_MESSAGES, everyone)

    counted = left_join(counted, _ignored(view), KEYS["customer"])
    return counted.mutate(
        ignored_in_a_row=counted.ignored_in_a_row.fill_null(0),
        opened_share=share("opened", "emails_delivered"),
        clicked_share=share("clicked", "sent"),
        responded_share=share("responded", "sent"),
        letter_responded_share=share("letters_responded", "letters"),
        call_responded_share=share("calls_responded", "calls"),
    ).select(*KEYS["customer"], *[each.name for each in FEATURES if each.grain == "customer"])


def _chosen(sent: ir.Table) -> dict[str, ir.Value]:
    """Return what the marketer chose to send."""
    return {
        "sent__90d": sent.count(where=within(sent, 90)),
        **{name: sent.count(where=sent.channel == channel) for name, channel in CHANNELS.items()},
        "sent": sent.count(),
        "days_since_sent": sent.age_days.min(),
    }


def _answered(sent: ir.Table) -> dict[str, ir.Value]:
    """Return what became of it, and how the customer answered."""
    is_email = sent.channel == "email"
    is_clicked, is_responded = sent.clicked_at.notnull(), sent.responded_at.notnull()
    return {
        "emails_delivered": sent.count(where=is_email & sent.bounced_at.isnull()),
        "opened": sent.count(where=is_email & sent.is_opened),
        "clicked": sent.count(where=is_clicked),
        "responded": sent.count(where=is_responded),
        **{
            f"{name}_responded": sent.count(where=(sent.channel == CHANNELS[name]) & is_responded)
            for name in ("letters", "calls")
        },
        "days_since_click": sent.age_days.min(where=is_clicked),
        "days_since_response": sent.age_days.min(where=is_responded),
    }


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category that a message was about."""
    every = view.history.known("messages")
    sent = every.filter(every.category.notnull())
    is_clicked = sent.clicked_at.notnull()
    counted = sent.group_by(KEYS["candidate"]).aggregate(
        days_since_category_sent=sent.age_days.min(),
        days_since_category_click=sent.age_days.min(where=is_clicked),
        sent=sent.count(),
        clicked=sent.count(where=is_clicked),
    )
    everyone = [counted.as_of_date, counted.category]
    return counted.mutate(
        category_clicked_share=shrunk_share(
            counted.clicked, counted.sent, PRIOR_MESSAGES, everyone
        ),
    ).drop("sent", "clicked")


def _ignored(view: View) -> ir.Table:
    """Return how many messages were sent after the last one that was answered."""
    asked = _with_opened(view.known("messages"))
    is_answered = asked.is_opened | asked.clicked_at.notnull() | asked.responded_at.notnull()
    last = asked.group_by(KEYS["customer"]).aggregate(
        answered_age=asked.age_seconds.min(where=is_answered)
    )
    sent = view.known("messages").select(*KEYS["customer"], "age_seconds")
    sent = left_join(sent, last, KEYS["customer"])
    later = sent.filter(sent.answered_age.isnull() | (sent.age_seconds < sent.answered_age))
    return later.group_by(KEYS["customer"]).aggregate(ignored_in_a_row=later.count())


def _with_opened(sent: ir.Table) -> ir.Table:
    """Add whether a person opened it."""
    seconds = sent.opened_at.epoch_seconds() - sent.delivered_at.epoch_seconds()
    by_a_person = seconds.fill_null(MACHINE_SECONDS + 1) > MACHINE_SECONDS
    return sent.mutate(is_opened=sent.opened_at.notnull() & by_a_person)
