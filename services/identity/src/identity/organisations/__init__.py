"""Organisations: the towns and associations that are the tenants."""
