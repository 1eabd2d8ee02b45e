"""The closed lists of names that answers hold, as the services publish them."""

from typing import Final

DAY_PARTS: Final = ("morning", "afternoon", "day", "noon", "evening")
CHARGING_MODES: Final = ("prepaid", "wallet", "invoiced", "free")
DECISION_MODES: Final = ("instant", "on_request", "deferred")
ACTIONS: Final = ("book", "cancel")
TELLINGS: Final = ("at_once", "daily")
CELL_STATES: Final = (
    "closed",
    "full",
    "open",
    "waiting_open",
    "booked",
    "waitlisted",
    "booked_locked",
    "waitlisted_locked",
)
AGGREGATE_STATES: Final = (
    "none_open",
    "all_full",
    "some_open",
    "some_waiting",
    "booked",
    "booked_waiting",
    "booked_locked",
    "booked_waiting_locked",
)
MARKS: Final = ("held", "requested", "submitted", "cancellation_requested")
OUTLOOKS: Final = ("accepted", "held", "requested", "submitted", "waitlisted")
BOOKING_STATES: Final = (
    "held",
    "accepted",
    "requested",
    "submitted",
    "waitlisted",
    "refused",
    "cancellation_requested",
    "cancelled",
    "expired",
)
REQUEST_STATES: Final = (
    "awaiting_payment",
    "submitted",
    "requested",
    "accepted",
    "partly_accepted",
    "waitlisted",
    "refused",
    "cancellation_requested",
    "cancelled",
    "expired",
)
SETTLING_STATES: Final = ("none", "settled", "due", "pending")
PAYMENT_STATES: Final = (
    "created",
    "redirected",
    "checking",
    "paid",
    "refused",
    "abandoned",
    "expired",
    "quarantined",
)
CHECKED: Final = ("credited", "nothing_came")
WALLET_MODES: Final = ("prepaid", "consumption", "invoiced")
CREDIT_REASONS: Final = ("cancelled", "closed", "seat_lost", "not_needed")
MESSAGE_STATES: Final = ("queued", "sent", "failed")
