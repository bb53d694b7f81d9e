"""Up-sell and cross-sell propensity, from raw customer tables to scored CRM files."""
