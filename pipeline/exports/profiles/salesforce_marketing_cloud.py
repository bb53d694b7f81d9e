"""Salesforce Marketing Cloud: import into a sendable data extension, headers equal to its fields."""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_EXTENSION = File(
    name="next_best_offer.csv",
    rows="offers",
    grain="one row per customer to contact by e-mail, text message or push",
    only_sendable=True,
    channels=("email", "sms", "push"),
    unique=("customer_id",),
    columns=columns_for(
        {
            "customer_id": "SubscriberKey",
            "email": "EmailAddress",
            "sms_phone": "MobileNumber",
            "campaign": "Campaign",
            "category": "Category",
            "product_id": "ProductId",
            "product_name": "ProductName",
            "channel": "Channel",
            "weekday": "SendWeekday",
            "hour": "SendHour",
            "offer_code": "OfferCode",
            "valid_from": "ValidFrom",
            "valid_until": "ValidUntil",
            "reason_{position}": "Reason{position}",
        }
    ),
)

PROFILE = Profile(
    name="salesforce_marketing_cloud",
    files=(_EXTENSION,),
    dialect=Dialect(yes="True", no="False", formulas="reject"),
    limits=TargetLimits(file_bytes=20_000_000),
    loading="Import into the data extension with `Add and Update`, SubscriberKey its primary key.",
)
