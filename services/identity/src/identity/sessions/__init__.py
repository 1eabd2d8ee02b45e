"""Sessions: who is logged in, and as what."""
