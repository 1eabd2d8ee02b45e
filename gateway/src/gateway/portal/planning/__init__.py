"""The planning: what may be booked and is booked, day by day, and what the basket would change."""
