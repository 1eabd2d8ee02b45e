"""What anybody may ask without being known: an organisation's name, a log-in; and the provider's callback."""
