"""The words that several nouns of identity share."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do in an organisation."""

    ADMIN = "admin"
    MANAGER = "manager"
    DESK = "desk"
    CASHIER = "cashier"
    CARER = "carer"
    READER = "reader"
    DPO = "dpo"
