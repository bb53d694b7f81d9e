"""Braze: users by `external_id`, case-sensitive; every other header becomes a custom attribute.

A blank cell keeps what Braze holds, and every cell that is not blank is billed, so only what a
message needs is handed over, and of that only what a sealed wave has not given it already.
"""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_USERS = File(
    name="users.csv",
    rows="offers",
    grain="one row per customer to contact by e-mail, text message, push or on the web",
    only_sendable=True,
    channels=("email", "sms", "push", "web"),
    unique=("customer_id",),
    columns=columns_for(
        {
            "customer_id": "external_id",
            "campaign": "offer_campaign",
            "category": "offer_category",
            "product_id": "offer_product_id",
            "product_name": "offer_product",
            "channel": "offer_channel",
            "weekday": "offer_weekday",
            "hour": "offer_hour",
            "offer_code": "offer_code",
            "valid_from": "offer_valid_from",
            "valid_until": "offer_valid_until",
        }
    ),
)

PROFILE = Profile(
    name="braze",
    files=(_USERS,),
    dialect=Dialect(formulas="reject"),
    limits=TargetLimits(file_bytes=500_000_000),
    loading="Import users by external_id. A blank cell keeps what is there: what the last sealed "
    "wave gave is not given again. Select on offer_campaign, so that nobody is sent the offer of "
    "an earlier wave.",
    only_changes=True,
)
