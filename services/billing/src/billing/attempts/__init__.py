"""Payment attempts: one try to pay one part of a settlement at the provider."""
