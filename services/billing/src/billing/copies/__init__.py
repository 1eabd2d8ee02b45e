"""Copies of what others own: an organisation's time zone, a family's name and addresses."""
