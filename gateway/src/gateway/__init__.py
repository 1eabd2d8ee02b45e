"""The gateway: HTTP API and family portal in front of the services."""
