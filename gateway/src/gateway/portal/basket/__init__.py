"""The basket: gather changes from the planning, review them, confirm, read the outcome."""
