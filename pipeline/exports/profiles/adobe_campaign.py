"""Adobe Campaign: tab-separated, no quote character, reconciled on the customer's key."""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile

_RECIPIENTS = File(
    name="recipients.txt",
    rows="offers",
    grain="one row per customer to contact",
    only_sendable=True,
    unique=("customer_id",),
    columns=columns_for(
        {
            "customer_id": "customerId",
            "email": "email",
            "sms_phone": "mobilePhone",
            "call_phone": "phone",
            "campaign": "offerCampaign",
            "model": "offerModel",
            "category": "offerCategory",
            "product_id": "offerProductId",
            "product_name": "offerProduct",
            "propensity": "offerPropensity",
            "priority_cents": "offerPriority",
            "channel": "offerChannel",
            "weekday": "offerWeekday",
            "hour": "offerHour",
            "offer_code": "offerCode",
            "valid_from": "offerValidFrom",
            "valid_until": "offerValidUntil",
            "reason_{position}": "offerReason{position}",
        }
    ),
)

PROFILE = Profile(
    name="adobe_campaign",
    files=(_RECIPIENTS,),
    dialect=Dialect(
        delimiter="\t", quoting="none", date_format="%Y/%m/%d %H:%M:%S", formulas="reject"
    ),
    loading="Data loading (file): tab, no text delimiter, UTF-8, dates as YYYY/MM/DD HH:mm:SS; "
    "reconcile on customerId.",
)
