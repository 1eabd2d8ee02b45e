"""Programs that stand in for the world outside: mail and payment. Never deployed."""
