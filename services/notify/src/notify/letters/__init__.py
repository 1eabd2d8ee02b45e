"""Letters: what is worth writing, and how it is written."""
