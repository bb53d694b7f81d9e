"""What `email_responses` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed

NEEDS = ("messages",)
NO_MESSAGE = "no message is known"
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
        (30, 90),
    ),
    *windowed(
        Feature(
            "emails",
            "E-mails sent in the last {days} days",
            "count",
            NO_MESSAGE,
            "Received {value} [e-mail|e-mails] in the last {days} days",
        ),
        (30,),
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
            (30,),
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
