"""A payment provider to play with.

A JSON interface, a page to click on, its own clock, and faults on demand.
"""
