"""HubSpot: import of contacts, matched by e-mail; headers are the internal names of properties."""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_CONTACTS = File(
    name="contacts.csv",
    rows="offers",
    grain="one row per customer to contact whose e-mail may be used",
    only_sendable=True,
    one_of=("email",),
    unique=("email",),
    prefer="priority_cents",
    columns=columns_for(
        {
            "email": "email",
            "customer_id": "customer_id",
            "call_phone": "phone",
            "sms_phone": "mobilephone",
            "campaign": "offer_campaign",
            "model": "offer_model",
            "category": "offer_category",
            "product_id": "offer_product_id",
            "product_name": "offer_product",
            "propensity": "offer_propensity",
            "priority_cents": "offer_priority",
            "channel": "offer_channel",
            "weekday": "offer_weekday",
            "hour": "offer_hour",
            "offer_code": "offer_code",
            "valid_from": "offer_valid_from",
            "valid_until": "offer_valid_until",
            "lifecycle_stage": "customer_stage",
            "rfm_segment": "customer_rfm_segment",
            "reason_{position}": "offer_reason_{position}",
        },
        required=("email",),
    ),
)

PROFILE = Profile(
    name="hubspot",
    files=(_CONTACTS,),
    dialect=Dialect(formulas="reject"),
    # A million and a bit: a worksheet's rows, of which the header is one.
    limits=TargetLimits(file_bytes=512_000_000, file_rows=1_048_575, columns=999),
    loading="Import contacts, match on Email, dates as YYYY-MM-DD.",
)
