"""Marketing messages: what the marketer sent, kept apart from how the customer answered.

Rates are shrunk to a prior, since few messages are little evidence. An e-mail that is opened
within seconds of its delivery was opened by a machine and does not count.
"""

import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.family import View
from pipeline.features.measures import shrunk_share, within

NEEDS = ("messages",)
NO_MESSAGE = "no message is known"
MACHINE_SECONDS = 10
# Typical of permission marketing, and worth five messages of evidence.
PRIOR_OPENED, PRIOR_CLICKED, PRIOR_RESPONDED, PRIOR_WEIGHT = 0.2, 0.03, 0.02, 5

FEATURES = (
    *windowed(
        Feature(
            "sent",
            "Messages sent in the last {days} days, any channel",
            "count",
            NO_MESSAGE,
            "Received {value} [message|messages] in the last {days} days",
        ),
        (7, 30, 90, 365),
    ),
    *windowed(
        Feature(
            "emails",
            "E-mails sent in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [e-mail|e-mails] in the last {days} days",
        ),
        (30, 365),
    ),
    Feature(
        "opened_share",
        "Share of delivered e-mails that a person opened, shrunk to 20%",
        "share",
        NO_MESSAGE,
        "Opens {value} of e-mails",
    ),
    Feature(
        "clicked_share",
        "Share of messages that were clicked, shrunk to 3%",
        "share",
        NO_MESSAGE,
        "Clicks on {value} of messages",
    ),
    Feature(
        "responded_share",
        "Share of messages with a response, shrunk to 2%",
        "share",
        NO_MESSAGE,
        "Responds to {value} of messages",
    ),
    *windowed(
        Feature(
            "opened",
            "E-mails that a person opened in the last {days} days",
            "count",
            NO_MESSAGE,
            "Opened {value} [e-mail|e-mails] in the last {days} days",
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "clicked",
            "Messages of the last {days} days that were clicked",
            "count",
            NO_MESSAGE,
            "Clicked on {value} [message|messages] of the last {days} days",
        ),
        (90, 365),
    ),
    *windowed(
        Feature(
            "responded",
            "Messages of the last {days} days with a response",
            "count",
            NO_MESSAGE,
            "Responded to {value} [message|messages] of the last {days} days",
        ),
        (365,),
    ),
    Feature(
        "bounced",
        "Messages that bounced",
        "count",
        NO_MESSAGE,
        "{value} [message|messages] bounced",
    ),
    Feature(
        "unsubscribed",
        "Messages that were answered by unsubscribing",
        "count",
        NO_MESSAGE,
        "Unsubscribed [once|{value} times]",
    ),
    Feature(
        "days_since_sent",
        "Days since the last message",
        "days",
        NEVER,
        "Last message {value} [day|days] ago",
    ),
    Feature(
        "days_since_click",
        "Days since the last message that was clicked",
        "days",
        NEVER,
        "Last clicked on a message of {value} [day|days] ago",
    ),
    Feature(
        "days_since_response",
        "Days since the last message with a response",
        "days",
        NEVER,
        "Last responded to a message of {value} [day|days] ago",
    ),
    *candidate(
        *windowed(
            Feature(
                "category_sent",
                "Messages about the category sent in the last {days} days",
                "count",
                "no message about the category is known",
                "Received {value} [message|messages] about {category} in the last {days} days",
            ),
            (30, 90),
        ),
        *windowed(
            Feature(
                "category_clicked",
                "Messages about the category of the last {days} days that were clicked",
                "count",
                "no message about the category is known",
                "Clicked on {value} [message|messages] about {category} of the last {days} days",
            ),
            (90, 365),
        ),
        *windowed(
            Feature(
                "category_responded",
                "Messages about the category of the last {days} days with a response",
                "count",
                "no message about the category is known",
                "Responded to {value} [message|messages] about {category} of the last {days} days",
            ),
            (365,),
        ),
        Feature(
            "days_since_category_sent",
            "Days since the last message about the category",
            "days",
            NEVER,
            "Last message about {category} {value} [day|days] ago",
        ),
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer who was sent a message before the as-of date."""
    sent = view.history.known("messages")
    is_email = sent.channel == "email"
    is_clicked, is_responded = sent.clicked_at.notnull(), sent.responded_at.notnull()
    is_opened = is_email & _opened_by_a_person(sent)
    opened, clicked, responded = (
        sent.count(where=condition) for condition in (is_opened, is_clicked, is_responded)
    )
    delivered = sent.count(where=is_email & sent.bounced_at.isnull())
    return sent.group_by("as_of_date", "customer_id").aggregate(
        **{f"sent__{days}d": sent.count(where=within(sent, days)) for days in (7, 30, 90, 365)},
        **{
            f"emails__{days}d": sent.count(where=is_email & within(sent, days))
            for days in (30, 365)
        },
        **{
            f"opened__{days}d": sent.count(where=is_opened & within(sent, days))
            for days in (30, 90)
        },
        **{
            f"clicked__{days}d": sent.count(where=is_clicked & within(sent, days))
            for days in (90, 365)
        },
        responded__365d=sent.count(where=is_responded & within(sent, 365)),
        opened_share=shrunk_share(opened, delivered, PRIOR_OPENED, PRIOR_WEIGHT),
        clicked_share=shrunk_share(clicked, sent.count(), PRIOR_CLICKED, PRIOR_WEIGHT),
        responded_share=shrunk_share(responded, sent.count(), PRIOR_RESPONDED, PRIOR_WEIGHT),
        bounced=sent.count(where=sent.bounced_at.notnull()),
        unsubscribed=sent.count(where=sent.unsubscribed_at.notnull()),
        days_since_sent=sent.age_days.min(),
        days_since_click=sent.age_days.min(where=is_clicked),
        days_since_response=sent.age_days.min(where=is_responded),
    )


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category that a message was about."""
    every = view.history.known("messages")
    sent = every.filter(every.category.notnull())
    is_clicked = sent.clicked_at.notnull()
    return sent.group_by("as_of_date", "customer_id", "category").aggregate(
        **{f"category_sent__{days}d": sent.count(where=within(sent, days)) for days in (30, 90)},
        **{
            f"category_clicked__{days}d": sent.count(where=is_clicked & within(sent, days))
            for days in (90, 365)
        },
        category_responded__365d=sent.count(where=sent.responded_at.notnull() & within(sent, 365)),
        days_since_category_sent=sent.age_days.min(),
    )


def _opened_by_a_person(sent: ir.Table) -> ir.BooleanValue:
    seconds = sent.opened_at.epoch_seconds() - sent.delivered_at.epoch_seconds()
    return sent.opened_at.notnull() & (seconds.fill_null(MACHINE_SECONDS + 1) > MACHINE_SECONDS)
