"""The rules of settlements.

`orders` makes an order of what is asked, `settling` decides about it, `announcements` says what is told.
"""
