"""The seats of a day as a pure model: what an operation makes of a seats document, what it answers.

It is the oracle of the MongoDB pipelines in the store's seats rooms, function beside function.
"""

from booking.seats.rules.answering import answer_all, answers_given, open_questions
from booking.seats.rules.answers import answer_to_order, answer_to_withdrawal
from booking.seats.rules.ids import pool_id, seats_id, slot_id
from booking.seats.rules.operations import (
    book,
    cancel,
    close,
    decline,
    grant,
    pay,
    reshape,
    set_capacity,
    tick,
)
from booking.seats.rules.steps import GONE_KEPT, free_places

__all__ = [
    "GONE_KEPT",
    "answer_all",
    "answer_to_order",
    "answer_to_withdrawal",
    "answers_given",
    "book",
    "cancel",
    "close",
    "decline",
    "free_places",
    "grant",
    "open_questions",
    "pay",
    "pool_id",
    "reshape",
    "seats_id",
    "set_capacity",
    "slot_id",
    "tick",
]
