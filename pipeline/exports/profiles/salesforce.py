"""Salesforce, Data Loader or Bulk API 2.0: upsert on an External Id; `#N/A` clears a field.

The custom fields have to exist on the object. An empty cell would leave the offer of an earlier
wave in place, so every field without a value is cleared.
"""

from pipeline.exports.offer_columns import columns_for
from pipeline.exports.profile import Dialect, File, Profile, TargetLimits

_UPSERT = File(
    name="contacts.csv",
    rows="offers",
    grain="one row per customer to contact",
    only_sendable=True,
    unique=("customer_id",),
    columns=columns_for(
        {
            "customer_id": "Customer_Id__c",
            "campaign": "Offer_Campaign__c",
            "model": "Offer_Model__c",
            "category": "Offer_Category__c",
            "product_id": "Offer_Product_Id__c",
            "product_name": "Offer_Product__c",
            "propensity": "Offer_Propensity__c",
            "priority_cents": "Offer_Priority__c",
            "channel": "Offer_Channel__c",
            "weekday": "Offer_Weekday__c",
            "hour": "Offer_Hour__c",
            "offer_code": "Offer_Code__c",
            "valid_from": "Offer_Valid_From__c",
            "valid_until": "Offer_Valid_Until__c",
            "reason_{position}": "Offer_Reason_{position}__c",
        }
    ),
)

PROFILE = Profile(
    name="salesforce",
    files=(_UPSERT,),
    dialect=Dialect(empty_cell="#N/A", formulas="reject"),
    limits=TargetLimits(file_bytes=100_000_000, field_characters=32_000),
    loading="Upsert Contact on the External Id Customer_Id__c, one job a file; #N/A clears a field.",
)
