"""Credit notes (avoirs): what was charged, and what of it was given back."""
