"""Mailchimp: an audience by e-mail address; headers double as merge tags, at most ten characters."""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_AUDIENCE = File(
    name="audience.csv",
    rows="offers",
    grain="one row per customer to contact by e-mail",
    only_sendable=True,
    channels=("email",),
    one_of=("email",),
    unique=("email",),
    prefer="priority_cents",
    columns=columns_for(
        {
            "email": "Email Address",
            "customer_id": "CUSTOMERID",
            "campaign": "CAMPAIGN",
            "category": "CATEGORY",
            "product_id": "PRODUCTID",
            "product_name": "PRODUCT",
            "weekday": "WEEKDAY",
            "hour": "HOUR",
            "offer_code": "OFFERCODE",
            "valid_from": "VALIDFROM",
            "valid_until": "VALIDUNTIL",
            "reason_{position}": "REASON{position}",
        },
        required=("email",),
    ),
)

PROFILE = Profile(
    name="mailchimp",
    files=(_AUDIENCE,),
    dialect=Dialect(formulas="reject"),
    limits=TargetLimits(field_bytes=255),
    loading="Import contacts as subscribed, update existing ones; VALIDFROM and VALIDUNTIL are "
    "dates as YYYY-MM-DD, the rest but WEEKDAY and HOUR is text.",
)
