"""Billing's rules: pure functions from what is to what follows.

`docs/rules/money.md`, `prepayment.md` and `tariffs.md` say them first, with the tables that the tests use.
Nothing here reads a clock, makes an id or talks to anybody.
"""
