"""The family service."""
