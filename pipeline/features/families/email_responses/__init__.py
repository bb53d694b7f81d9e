"""The feature family email_responses."""
