"""Tariffs: dated versions of the price of an activity."""
