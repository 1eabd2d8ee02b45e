"""The steps that bring what is stored to the newest form; they stand with the stores of their nouns."""

from billing.payments.store import add_payments, keep_by_themselves
from chassis.storage.migrations import Migration, Plan

MIGRATIONS = Plan(
    "billing",
    (
        Migration(1, "Payments stand beside their attempts", add_payments),
        Migration(2, "Payments stand by themselves", keep_by_themselves),
    ),
)
