"""One page that says what the models are worth and what was handed over; data in, HTML out."""
