"""Confirmations, and the numbers of their requests."""

from booking.confirmations.store.confirmations import MAPPER, ChildrenBusyError, Confirmations, Turn
from booking.confirmations.store.looking import OpenConfirmations
from booking.confirmations.store.numbers import Numbers

__all__ = ["MAPPER", "ChildrenBusyError", "Confirmations", "Numbers", "OpenConfirmations", "Turn"]
