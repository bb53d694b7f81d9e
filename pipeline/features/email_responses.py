"""Marketing messages: what the marketer sent, kept apart from how the customer answered.

Shares are drawn to those of all customers at the as-of date, since few messages are little
evidence. What is opened within seconds of its delivery was opened by a machine and does not count.
"""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.family import KEYS, View
from pipeline.features.measures import ratio, shrunk_share, within

NEEDS = ("messages",)
NO_MESSAGE = "no message is known"
MACHINE_SECONDS = 10
PRIOR_WEIGHT = 5  # messages that the share of all customers is worth
CHANNELS = {"texts": "sms", "pushes": "push", "letters": "mail", "calls": "phone"}
NOT_BY_CHANNEL = "no message on the channel is known"
NO_CATEGORY_MESSAGE = "no message about the category is known"

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
    *windowed(
        Feature(
            "texts",
            "SMS sent in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [SMS|SMS] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "pushes",
            "Push messages sent in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [push message|push messages] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "letters",
            "Letters sent in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [letter|letters] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "calls",
            "Sales calls made in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [sales call|sales calls] in the last {days} days",
        ),
        (90,),
    ),
    Feature(
        "sent_trend",
        "Messages of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no message in the last 90 days",
        "Receives {value} times the usual number of messages",
        window_days=90,
    ),
    Feature(
        "opened_share",
        "Share of delivered e-mails that a person opened, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        "Opens {value} of e-mails",
    ),
    Feature(
        "clicked_share",
        "Share of messages that were clicked, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        "Clicks on {value} of messages",
    ),
    Feature(
        "responded_share",
        "Share of messages with a response, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        "Responds to {value} of messages",
    ),
    Feature(
        "push_opened_share",
        "Share of delivered push messages that a person opened, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
        "Opens {value} of push messages",
    ),
    Feature(
        "text_clicked_share",
        "Share of SMS that were clicked, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
        "Clicks on {value} of SMS",
    ),
    Feature(
        "letter_responded_share",
        "Share of letters with a response, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
        "Responds to {value} of letters",
    ),
    Feature(
        "call_responded_share",
        "Share of sales calls with a response, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
        "Responds to {value} of sales calls",
    ),
    Feature(
        "delivered_share",
        "Share of messages that did not bounce, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        "{value} of messages arrive",
    ),
    Feature(
        "machine_opened_share",
        "Share of opened e-mails that a machine opened",
        "share",
        "no e-mail was opened",
        "{value} of opened e-mails were opened by a machine",
    ),
    Feature(
        "opened_change__90d",
        "Share of e-mails a person opened in the last 90 days less that of all, in points of 100",
        "points",
        "no delivered e-mail in the window",
        "Opens e-mails more or less often of late: {value} points",
        window_days=90,
    ),
    Feature(
        "ignored_in_a_row",
        "Messages sent after the last one opened, clicked or responded to; all where none was",
        "count",
        NO_MESSAGE,
        "Has ignored the last [message|{value} messages]",
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
        "days_since_unsubscribed",
        "Days since the customer last unsubscribed",
        "days",
        NEVER,
        "Unsubscribed {value} [day|days] ago",
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
                NO_CATEGORY_MESSAGE,
                "Received {value} [message|messages] about {category} in the last {days} days",
            ),
            (30, 90),
        ),
        *windowed(
            Feature(
                "category_clicked",
                "Messages about the category of the last {days} days that were clicked",
                "count",
                NO_CATEGORY_MESSAGE,
                "Clicked on {value} [message|messages] about {category} of the last {days} days",
            ),
            (90, 365),
        ),
        *windowed(
            Feature(
                "category_responded",
                "Messages about the category of the last {days} days with a response",
                "count",
                NO_CATEGORY_MESSAGE,
                "Responded to {value} [message|messages] about {category} of the last {days} days",
            ),
            (365,),
        ),
        Feature(
            "category_sent_share__90d",
            "Share of the category in the messages about any category of the last 90 days",
            "share",
            "no message about any category in the window",
            "{value} of messages are about {category}",
            window_days=90,
        ),
        Feature(
            "category_clicked_share",
            "Share of messages about the category that were clicked, drawn to that of all customers",
            "share",
            NO_CATEGORY_MESSAGE,
            "Clicks on {value} of messages about {category}",
        ),
        Feature(
            "category_responded_share",
            "Share of messages about the category with a response, drawn to that of all customers",
            "share",
            NO_CATEGORY_MESSAGE,
            "Responds to {value} of messages about {category}",
        ),
        Feature(
            "days_since_category_click",
            "Days since the last message about the category that was clicked",
            "days",
            NEVER,
            "Last clicked on a message about {category} of {value} [day|days] ago",
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
    sent = _with_answers(view.history.known("messages"))
    counted = sent.group_by(KEYS["customer"]).aggregate(**_chosen(sent), **_answered(sent))
    everyone = [counted.as_of_date]

    def share(hits: str, trials: str) -> ir.NumericValue:
        return shrunk_share(counted[hits], counted[trials], PRIOR_WEIGHT, everyone)

    opened_share = share("opened", "emails_delivered")
    return counted.mutate(
        sent_trend=ratio(3 * counted.sent__30d, counted.sent__90d),
        delivered_share=share("delivered", "sent"),
        opened_share=opened_share,
        clicked_share=share("clicked", "sent"),
        responded_share=share("responded", "sent"),
        push_opened_share=share("pushes_opened", "pushes_delivered"),
        text_clicked_share=share("texts_clicked", "texts"),
        letter_responded_share=share("letters_responded", "letters"),
        call_responded_share=share("calls_responded", "calls"),
        machine_opened_share=ratio(counted.machine_opened, counted.opened + counted.machine_opened),
        opened_change__90d=100.0 * (share("opened__90d", "emails_delivered__90d") - opened_share),
    ).select(*KEYS["customer"], *[each.name for each in FEATURES if each.grain == "customer"])


def _chosen(sent: ir.Table) -> dict[str, ir.Value]:
    """Return what the marketer chose to send."""
    is_email = sent.channel == "email"
    return {
        **{f"sent__{days}d": sent.count(where=within(sent, days)) for days in (7, 30, 90, 365)},
        **{
            f"emails__{days}d": sent.count(where=is_email & within(sent, days))
            for days in (30, 365)
        },
        **{
            f"{name}__90d": sent.count(where=(sent.channel == channel) & within(sent, 90))
            for name, channel in CHANNELS.items()
        },
        **{name: sent.count(where=sent.channel == channel) for name, channel in CHANNELS.items()},
        "sent": sent.count(),
        "days_since_sent": sent.age_days.min(),
    }


def _answered(sent: ir.Table) -> dict[str, ir.Value]:
    """Return what became of it, and how the customer answered."""
    is_email, is_push = sent.channel == "email", sent.channel == "push"
    is_delivered = sent.bounced_at.isnull()
    is_clicked, is_responded = sent.clicked_at.notnull(), sent.responded_at.notnull()
    is_opened = is_email & sent.is_opened

    def count(condition: ir.BooleanValue, days: int) -> ir.IntegerValue:
        return sent.count(where=condition & within(sent, days))

    return {
        "delivered": sent.count(where=is_delivered),
        "emails_delivered": sent.count(where=is_email & is_delivered),
        "emails_delivered__90d": count(is_email & is_delivered, 90),
        "pushes_delivered": sent.count(where=is_push & is_delivered),
        "opened": sent.count(where=is_opened),
        **{f"opened__{days}d": count(is_opened, days) for days in (30, 90)},
        "machine_opened": sent.count(where=is_email & sent.opened_at.notnull() & ~sent.is_opened),
        "pushes_opened": sent.count(where=is_push & sent.is_opened),
        "clicked": sent.count(where=is_clicked),
        **{f"clicked__{days}d": count(is_clicked, days) for days in (90, 365)},
        "texts_clicked": sent.count(where=(sent.channel == CHANNELS["texts"]) & is_clicked),
        "responded": sent.count(where=is_responded),
        "responded__365d": count(is_responded, 365),
        **{
            f"{name}_responded": sent.count(where=(sent.channel == CHANNELS[name]) & is_responded)
            for name in ("letters", "calls")
        },
        "ignored_in_a_row": sent.count(
            where=sent.answered_age.isnull() | (sent.age_seconds < sent.answered_age)
        ),
        "bounced": sent.count(where=~is_delivered),
        "unsubscribed": sent.count(where=sent.unsubscribed_at.notnull()),
        "days_since_unsubscribed": sent.unsubscribed_days.min(),
        "days_since_click": sent.age_days.min(where=is_clicked),
        "days_since_response": sent.age_days.min(where=is_responded),
    }


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category that a message was about."""
    every = view.history.known("messages")
    sent = every.filter(every.category.notnull())
    is_clicked, is_responded = sent.clicked_at.notnull(), sent.responded_at.notnull()
    counted = sent.group_by(KEYS["candidate"]).aggregate(
        **{f"category_sent__{days}d": sent.count(where=within(sent, days)) for days in (30, 90)},
        **{
            f"category_clicked__{days}d": sent.count(where=is_clicked & within(sent, days))
            for days in (90, 365)
        },
        category_responded__365d=sent.count(where=is_responded & within(sent, 365)),
        days_since_category_sent=sent.age_days.min(),
        days_since_category_click=sent.age_days.min(where=is_clicked),
        sent=sent.count(),
        clicked=sent.count(where=is_clicked),
        responded=sent.count(where=is_responded),
    )
    everyone = [counted.as_of_date, counted.category]
    customer = [counted[key] for key in KEYS["customer"]]
    recent = counted.category_sent__90d
    return counted.mutate(
        category_sent_share__90d=ratio(recent, recent.sum().over(group_by=customer)),
        category_clicked_share=shrunk_share(counted.clicked, counted.sent, PRIOR_WEIGHT, everyone),
        category_responded_share=shrunk_share(
            counted.responded, counted.sent, PRIOR_WEIGHT, everyone
        ),
    ).drop("sent", "clicked", "responded")


def _with_answers(sent: ir.Table) -> ir.Table:
    """Add whether a person opened it, and how long ago the last one that was answered was sent."""
    seconds = sent.opened_at.epoch_seconds() - sent.delivered_at.epoch_seconds()
    by_a_person = seconds.fill_null(MACHINE_SECONDS + 1) > MACHINE_SECONDS
    is_opened = sent.opened_at.notnull() & by_a_person
    is_answered = is_opened | sent.clicked_at.notnull() | sent.responded_at.notnull()
    age_of_answered = ibis.ifelse(is_answered, sent.age_seconds, ibis.null("int64"))
    customer = [sent[key] for key in KEYS["customer"]]
    return sent.mutate(
        is_opened=is_opened,
        answered_age=age_of_answered.min().over(group_by=customer),
        unsubscribed_days=sent.as_of_date.delta(sent.unsubscribed_at.date(), unit="day").cast(
            "int64"
        ),
    )
