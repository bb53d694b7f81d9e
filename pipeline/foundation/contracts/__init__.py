"""What the tables that enter, cross and leave the pipeline look like."""
