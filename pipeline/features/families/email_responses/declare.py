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
        (90,),
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
        Feature(
            "category_clicked_share",
            "Share of messages about the category that were clicked, drawn to that of all customers",
            "share",
            NO_CATEGORY_MESSAGE,
            topic="category_clicks",
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
