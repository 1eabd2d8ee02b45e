"""Quotes: the prices of a basket, frozen for the time of a review."""
