"""Family files."""
