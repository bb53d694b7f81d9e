"""The key sets of the pipeline's tables: what one row is named by, and what tables are joined on.

Tables of several as-of dates are keyed by the date too; those of the scoring day, which have one,
are not.
"""

CUSTOMER_KEYS = ("as_of_date", "customer_id")
CATEGORY_KEYS = ("as_of_date", "category")
CANDIDATE_KEYS = (*CUSTOMER_KEYS, "category")
HOLDING_KEYS = (*CUSTOMER_KEYS, "product_id")

CUSTOMER_CATEGORY_KEYS = ("customer_id", "category")
CUSTOMER_CHANNEL_KEYS = ("customer_id", "channel")
CUSTOMER_PRODUCT_KEYS = ("customer_id", "product_id")
CUSTOMER_MODEL_KEYS = ("customer_id", "model")
CUSTOMER_POSITION_KEYS = ("customer_id", "position")
OFFER_KEYS = ("model", "customer_id", "category")
SCORE_KEYS = ("model", "category", "customer_id")
"""The grain of OFFER_KEYS in the order in which scores are sorted and written."""
