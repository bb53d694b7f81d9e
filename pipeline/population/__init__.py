"""Who is asked what, when, and what happened: as-of dates, holdings, eligibility, labels."""
