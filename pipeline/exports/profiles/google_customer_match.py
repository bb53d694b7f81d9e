"""Google Customer Match: hashed e-mail and phone, and nothing else.

Google hashes an e-mail in lower case, the dots before the @ of Gmail removed, and a phone with its
plus sign. A hashed address is still personal data: consent decides.
"""

from pipeline.exports.profile import Dialect, File, FileColumn, Profile

_AUDIENCE = File(
    name="audience.csv",
    rows="offers",
    grain="one row per customer to contact who consents to be reached by e-mail or phone",
    only_sendable=True,
    one_of=("email", "phone"),
    columns=(
        FileColumn(
            "email",
            "Email",
            "text",
            "SHA-256 of the e-mail in lower case, without the dots before the @ of Gmail.",
            empty="none, or no consent",
            normalise="email_without_gmail_dots",
            is_hashed=True,
        ),
        FileColumn(
            "phone",
            "Phone",
            "text",
            "SHA-256 of the phone number with + and country code.",
            empty="none, or no consent",
            normalise="phone",
            is_hashed=True,
        ),
    ),
)

PROFILE = Profile(
    name="google_customer_match",
    files=(_AUDIENCE,),
    dialect=Dialect(formulas="reject"),
    loading="Upload as a customer list whose data are already hashed.",
)
