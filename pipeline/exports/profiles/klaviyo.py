"""Klaviyo: profiles by e-mail or phone, which come first; nobody twice."""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_PROFILES = File(
    name="profiles.csv",
    rows="offers",
    grain="one row per customer to contact by e-mail or text message",
    only_sendable=True,
    channels=("email", "sms"),
    one_of=("email", "sms_phone"),
    unique=("email", "sms_phone"),
    prefer="priority_cents",
    columns=columns_for(
        {
            "email": "Email",
            "sms_phone": "Phone Number",
            "customer_id": "External ID",
            "campaign": "Offer Campaign",
            "category": "Offer Category",
            "product_id": "Offer Product ID",
            "product_name": "Offer Product",
            "channel": "Offer Channel",
            "weekday": "Offer Weekday",
            "hour": "Offer Hour",
            "offer_code": "Offer Code",
            "valid_from": "Offer Valid From",
            "valid_until": "Offer Valid Until",
            "lifecycle_stage": "Customer Stage",
            "rfm_segment": "Customer RFM Segment",
            "reason_{position}": "Offer Reason {position}",
        }
    ),
)

PROFILE = Profile(
    name="klaviyo",
    files=(_PROFILES,),
    dialect=Dialect(formulas="reject"),
    limits=TargetLimits(file_bytes=50_000_000),
    loading="Upload to a list; dates as YYYY-MM-DD. Consent is not a column: set it for the list.",
)
