"""What the CRM team receives: one declaration a profile, one writer for all of them."""
