"""Meta custom audience: hashed e-mail and phone, the customer's own id beside them.

Meta hashes an e-mail in lower case as it stands, and a phone as digits without the plus sign.
A hashed address is still personal data: consent decides.
"""

from pipeline.exports.profile import Dialect, File, FileColumn, Profile

_AUDIENCE = File(
    name="audience.csv",
    rows="offers",
    grain="one row per customer to contact who consents to be reached by e-mail or phone",
    only_sendable=True,
    one_of=("email", "phone"),
    unique=("customer_id",),
    columns=(
        FileColumn(
            "email",
            "email",
            "text",
            "SHA-256 of the e-mail in lower case.",
            empty="none, or no consent",
            normalise="email",
            is_hashed=True,
        ),
        FileColumn(
            "phone",
            "phone",
            "text",
            "SHA-256 of the phone number: digits alone, country code first.",
            empty="none, or no consent",
            normalise="phone_digits",
            is_hashed=True,
        ),
        FileColumn("customer_id", "extern_id", "text", "The customer.", required=True, is_id=True),
    ),
)

PROFILE = Profile(
    name="meta_custom_audience",
    files=(_AUDIENCE,),
    dialect=Dialect(formulas="reject"),
    loading="Upload as a customer list with identifiers already hashed; below 100 people it is "
    "not delivered to.",
)
