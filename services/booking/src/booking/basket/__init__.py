"""The basket: movements that count for nothing yet, and their review."""
