"""Who a customer is at an as-of date, when they buy next, and what they are worth."""
