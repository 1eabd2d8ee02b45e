"""Credit notes (avoirs, in French): what was charged, and what of it was given back."""
