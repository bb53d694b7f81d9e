"""What depends on the machine: measured by hand, outside the pipeline."""
