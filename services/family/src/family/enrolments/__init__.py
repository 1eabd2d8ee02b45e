"""Enrolments: a child in an activity for a school year."""
