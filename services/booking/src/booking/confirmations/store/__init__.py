"""Confirmations in MongoDB, with the numbers of their requests."""
