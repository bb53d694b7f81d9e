"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import NEVER, Feature, candidate, windowed
from pipeline.features.reason_range import LATELY, NEVER_TOLD

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
            as_reason=NEVER_TOLD,
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "emails",
            "E-mails sent in the last {days} days",
            "count",
            NO_MESSAGE,
            as_reason=NEVER_TOLD,
        ),
        (30,),
    ),
    Feature(
        "sent_trend",
        "Messages of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no message in the last 90 days",
        as_reason=NEVER_TOLD,
        window_days=90,
    ),
    Feature(
        "opened_share",
        "Share of delivered e-mails that a person opened, drawn to that of all customers",
        "share",
        NO_MESSAGE,
    ),
    Feature(
        "clicked_share",
        "Share of messages that were clicked, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        topic="clicks",
    ),
    Feature(
        "responded_share",
        "Share of messages with a response, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        topic="responses",
    ),
    Feature(
        "text_clicked_share",
        "Share of SMS that were clicked, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
    ),
    Feature(
        "letter_responded_share",
        "Share of letters with a response, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
    ),
    Feature(
        "call_responded_share",
        "Share of sales calls with a response, drawn to that of all customers",
        "share",
        NOT_BY_CHANNEL,
    ),
    Feature(
        "delivered_share",
        "Share of messages that did not bounce, drawn to that of all customers",
        "share",
        NO_MESSAGE,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "opened_change__90d",
        "Share of e-mails a person opened in the last 90 days less that of all, in points of 100",
        "points",
        "no delivered e-mail in the window",
        as_reason=NEVER_TOLD,
        window_days=90,
    ),
    Feature(
        "ignored_in_a_row",
        "Messages sent after the last one opened, clicked or responded to; all where none was",
        "count",
        NO_MESSAGE,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "days_since_sent",
        "Days since the last message",
        "days",
        NEVER,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "days_since_click",
        "Days since the last message that was clicked",
        "days",
        NEVER,
        as_reason=LATELY,
        topic="clicks",
    ),
    Feature(
        "days_since_response",
        "Days since the last message with a response",
        "days",
        NEVER,
        as_reason=LATELY,
        topic="responses",
    ),
    *candidate(
        *windowed(
            Feature(
                "category_sent",
                "Messages about the category sent in the last {days} days",
                "count",
                NO_CATEGORY_MESSAGE,
                as_reason=NEVER_TOLD,
            ),
            (30,),
        ),
        Feature(
            "category_clicked_share",
            "Share of messages about the category that were clicked, drawn to that of all customers",
            "share",
            NO_CATEGORY_MESSAGE,
            topic="category_clicks",
        ),
        Feature(
            "category_responded_share",
            "Share of messages about the category with a response, drawn to that of all customers",
            "share",
            NO_CATEGORY_MESSAGE,
        ),
        Feature(
            "days_since_category_click",
            "Days since the last message about the category that was clicked",
            "days",
            NEVER,
            as_reason=LATELY,
            topic="category_clicks",
        ),
        Feature(
            "days_since_category_sent",
            "Days since the last message about the category",
            "days",
            NEVER,
            as_reason=NEVER_TOLD,
        ),
    ),
)
