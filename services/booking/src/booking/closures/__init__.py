"""Closing days after they were booked, and opening them again: who stood there leaves, and is told once."""
