"""How booking's documents say things, in French and in English: states with their icons, and why."""

from collections.abc import Iterable
from typing import Final

from booking.vocabulary import Reason
from chassis.printing.document import Cell, Legend
from chassis.values.typography import SPACE, typeset

ICONS: Final = {
    "accepted": ("check-lg",),
    "partly_accepted": ("check-lg", "clock"),
    "held": ("coin",),
    "awaiting_payment": ("coin",),
    "requested": ("clock",),
    "submitted": ("inbox",),
    "waitlisted": ("hourglass-split",),
    "refused": ("slash-circle",),
    "cancellation_requested": ("x-lg", "clock"),
    "cancelled": ("x-lg",),
    "expired": ("x-circle",),
}
STATES: Final = {
    "fr": {
        "accepted": ("Acceptée", "La place est à vous."),
        "partly_accepted": ("Acceptée en partie", "L'état de chaque jour est dit à sa ligne."),
        "held": ("À payer", "La place est gardée jusqu'à ce que vous ayez payé."),
        "awaiting_payment": ("À payer", "Les places sont gardées jusqu'à ce que vous ayez payé."),
        "requested": ("Demande en attente", "Nos services vous répondront."),
        "submitted": ("En attente d'attribution", "Les places seront attribuées plus tard, toutes ensemble."),
        "waitlisted": (
            "Liste d'attente",
            "Vous avancez quand une place se libère ; un courriel vous le dit.",
        ),
        "refused": ("Refusée", "La remarque dit pourquoi."),
        "cancellation_requested": ("Annulation demandée", "Nos services vous répondront."),
        "cancelled": ("Annulée", "La place est rendue."),
        "expired": ("Expirée", "Elle n'a pas été payée à temps."),
    },
    "en": {
        "accepted": ("Accepted", "The seat is yours."),
        "partly_accepted": ("Partly accepted", "The state of each day stands in its line."),
        "held": ("To pay", "The seat is kept until you have paid."),
        "awaiting_payment": ("To pay", "The seats are kept until you have paid."),
        "requested": ("Request pending", "The organisation will answer."),
        "submitted": ("To be allotted", "Seats will be allotted later, all together."),
        "waitlisted": ("Waiting list", "You move up when a seat is freed, and are told by mail."),
        "refused": ("Refused", "The remark says why."),
        "cancellation_requested": ("Cancellation asked", "The organisation will answer."),
        "cancelled": ("Cancelled", "The seat was given back."),
        "expired": ("Expired", "It was not paid in time."),
    },
}
EXPECTED: Final = {
    "fr": {
        "accepted": ("Sera acceptée", "La place sera à vous dès que vous validez."),
        "held": ("À payer", "La place sera gardée le temps de payer."),
        "requested": ("Sera demandée", "Nos services vous répondront."),
        "submitted": ("Sera attribuée plus tard", "Les places seront attribuées toutes ensemble."),
        "waitlisted": ("Ira en liste d'attente", "Vous avancez quand une place se libère."),
        "refused": ("Sera refusée", "La remarque dit pourquoi."),
        "cancelled": ("Sera annulée", "La place sera rendue."),
        "cancellation_requested": ("Annulation à demander", "Nos services vous répondront."),
    },
    "en": {
        "accepted": ("Will be accepted", "The seat is yours once you confirm."),
        "held": ("To pay", "The seat will be kept while you pay."),
        "requested": ("Will be requested", "The organisation will answer."),
        "submitted": ("Will be allotted later", "Seats will be allotted all together."),
        "waitlisted": ("Will go on the waiting list", "You move up when a seat is freed."),
        "refused": ("Will be refused", "The remark says why."),
        "cancelled": ("Will be cancelled", "The seat will be given back."),
        "cancellation_requested": ("Cancellation will be asked", "The organisation will answer."),
    },
}
REASONS: Final = {
    "fr": {
        Reason.FULL: "complet",
        Reason.PAST_DEADLINE: "délai dépassé",
        Reason.NOT_OPEN: "fermé à la réservation",
        Reason.NOT_ENROLLED: "enfant non inscrit",
        Reason.AGE: "pas pour l'âge de l'enfant",
        Reason.DUPLICATE: "déjà réservé",
        Reason.OVERLAP: "une autre réservation couvre ces heures",
        Reason.INCOMPATIBLE: "incompatible avec une autre réservation du jour",
        Reason.LIMIT_REACHED: "limite de réservation atteinte",
        Reason.NOT_BOOKED: "rien n'était réservé",
        Reason.FILE_INCOMPLETE: "dossier de la famille incomplet",
        Reason.UNPAID_BALANCE: "une somme reste due",
    },
    "en": {
        Reason.FULL: "no seat is left",
        Reason.PAST_DEADLINE: "the time limit is over",
        Reason.NOT_OPEN: "not open for booking",
        Reason.NOT_ENROLLED: "the child is not enrolled",
        Reason.AGE: "not for the child's age",
        Reason.DUPLICATE: "already booked",
        Reason.OVERLAP: "another booking covers these hours",
        Reason.INCOMPATIBLE: "not compatible with another booking of the day",
        Reason.LIMIT_REACHED: "the booking limit is reached",
        Reason.NOT_BOOKED: "nothing was booked",
        Reason.FILE_INCOMPLETE: "the family file is incomplete",
        Reason.UNPAID_BALANCE: "an amount is still due",
    },
}
SAID: Final = {
    "fr": {
        "request": "Demande",
        "request_file": "demande",
        "review_file": "recapitulatif",
        "number": "Numéro",
        "child": "Enfant",
        "centre": "Lieu",
        "period": "Période",
        "asked_at": "Demandée le",
        "state": "État",
        "seen_at": "Situation au",
        "date": "Date",
        "activity": "Activité",
        "asked": "Demande",
        "book": "Réservation",
        "cancel": "Annulation",
        "cost": "Coût",
        "total": "Total",
        "days": "Jours demandés",
        "legend": "Légende",
        "rank": "rang",
        "review": "Récapitulatif avant validation",
        "bookings": "Réservations",
        "cancellations": "Annulations",
        "nothing_yet": "Rien n'est enregistré tant que vous n'avez pas validé. Les prix valent jusqu'au {}.",
        "asked_for": "Réservations demandées",
        "waiting": "dont en attente, non facturé",
        "invoiced": "dont facturé en fin de mois",
        "wallet": "dont débité du compte le jour venu",
        "own_credit": "Avoir de vos annulations",
        "earlier_credit": "Avoirs antérieurs",
        "due": "À payer maintenant",
        "sums": "Montants",
        "left_over": "Il vous reste un avoir de {} : il paie de lui-même votre prochaine réservation.",
    },
    "en": {
        "request": "Request",
        "request_file": "request",
        "review_file": "review",
        "number": "Number",
        "child": "Child",
        "centre": "Place",
        "period": "Period",
        "asked_at": "Asked on",
        "state": "State",
        "seen_at": "As it stood on",
        "date": "Date",
        "activity": "Activity",
        "asked": "Asked",
        "book": "Booking",
        "cancel": "Cancellation",
        "cost": "Cost",
        "total": "Total",
        "days": "Days asked for",
        "legend": "Legend",
        "rank": "rank",
        "review": "Review before confirming",
        "bookings": "Bookings",
        "cancellations": "Cancellations",
        "nothing_yet": "Nothing is recorded before you confirm. The prices hold until {}.",
        "asked_for": "Bookings asked for",
        "waiting": "of it waiting, not charged",
        "invoiced": "of it on the bill at the end of the month",
        "wallet": "of it taken from the wallet on the day",
        "own_credit": "Credit note of your cancellations",
        "earlier_credit": "Earlier credit notes",
        "due": "To pay now",
        "sums": "Amounts",
        "left_over": "A credit note of {} is left: it pays your next booking by itself.",
    },
}

States = dict[str, dict[str, tuple[str, str]]]


def state_cell(state: str, language: str, words: States = STATES, remark: str = "") -> Cell:
    """Return the icons and the word of a state, with a remark below it."""
    return Cell(typeset(words[language][state][0], language), ICONS[state], typeset(remark, language))


def legend(states: Iterable[str], language: str, words: States = STATES) -> Legend:
    """Return what these states mean, each once, in the order of the table."""
    found = set(states)
    rows = tuple(
        (state_cell(state, language, words), typeset(meaning, language))
        for state, (_, meaning) in words[language].items()
        if state in found
    )
    return Legend(SAID[language]["legend"], rows)


def remark(reason: Reason | None, rank: int | None, language: str) -> str:
    """Return why a line was refused, or its rank on a waiting list; mostly empty."""
    if reason is not None:
        return REASONS[language][reason]
    return f"{SAID[language]['rank']}{SPACE}{rank}" if rank else ""
