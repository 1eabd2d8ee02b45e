"""Every code that may reach a reader: its HTTP status, and what it means in French and in English.

Codes are published language: they are never renamed, only added. A code that is missing here is answered 409
with the generic sentence, so that a service may refuse for a new reason before the gateway knows it.
"""

from typing import Final

from chassis.values import typography

LANGUAGES: Final = ("fr", "en")
UNKNOWN_CODE_STATUS: Final = 409

# By code: the status, the French sentence, the English one.
_TABLE: Final[dict[str, tuple[int, str, str]]] = {
    # the request itself
    "malformed": (400, "La demande est illisible.", "The request can't be read."),
    "idempotency_key_required": (
        400,
        "L'en-tête Idempotency-Key est obligatoire (1 à 128 caractères imprimables).",
        "The Idempotency-Key header is required (1 to 128 printable characters).",
    ),
    "csrf_failed": (
        400,
        "Cette page a expiré : rechargez-la puis recommencez.",
        "This page is out of date: reload it and try again.",
    ),
    "unauthenticated": (401, "Connectez-vous pour continuer.", "Log in to continue."),
    "session_expired": (
        401,
        "Votre session est terminée : connectez-vous à nouveau.",
        "Your session is over: log in again.",
    ),
    "invalid_credentials": (
        401,
        "Identifiant ou mot de passe incorrect.",
        "The login or the password is not right.",
    ),
    "forbidden": (403, "Vous n'avez pas accès à ceci.", "You have no access to this."),
    "not_found": (404, "Introuvable.", "Not found."),
    "method_not_allowed": (
        405,
        "Cette opération n'existe pas à cette adresse.",
        "This address has no such operation.",
    ),
    "conflict": (
        409,
        "Une autre modification est passée avant la vôtre.",
        "Another change came before yours.",
    ),
    "precondition_failed": (
        412,
        "Ceci a changé depuis votre lecture : relisez avant de modifier.",
        "This has changed since you read it: read it again before you change it.",
    ),
    "body_too_large": (
        413,
        "L'envoi dépasse la taille permise (256 Kio).",
        "The body is larger than allowed (256 KiB).",
    ),
    "unsupported_media_type": (
        415,
        "Ce type de contenu n'est pas accepté ici.",
        "This type of content is not accepted here.",
    ),
    "low_contrast": (
        422,
        "Cette couleur est trop claire : du texte blanc s'y lirait mal.",
        "This colour is too light: white text on it would be hard to read.",
    ),
    "invalid": (422, "Certains champs sont à corriger.", "Some fields need correcting."),
    "idempotency_mismatch": (
        422,
        "Cette clé d'idempotence a déjà servi pour un autre contenu.",
        "This idempotency key was already used with another content.",
    ),
    "too_many_attempts": (
        429,
        "Trop d'essais : patientez avant de recommencer.",
        "Too many attempts: wait before you try again.",
    ),
    "internal": (
        500,
        "Une erreur est survenue de notre côté. Elle a été enregistrée.",
        "Something went wrong on our side. It has been recorded.",
    ),
    "unavailable": (
        503,
        "Le service est momentanément indisponible : réessayez dans quelques secondes.",
        "The service is unavailable for the moment: try again in a few seconds.",
    ),
    "overloaded": (
        503,
        "Beaucoup de monde en ce moment : réessayez dans quelques secondes.",
        "Many people are here right now: try again in a few seconds.",
    ),
    # drafts, reviews, confirmations
    "review_stale": (
        409,
        "Le récapitulatif n'est plus à jour : relisez-le avant de confirmer.",
        "The review is out of date: read it again before you confirm.",
    ),
    "confirmation_in_progress": (
        409,
        "Une confirmation est déjà en cours pour cet enfant.",
        "A confirmation is already under way for this child.",
    ),
    "draft_empty": (422, "Le panier est vide.", "The basket is empty."),
    # payments
    "no_tariff": (
        409,
        "Cette activité n'a pas de tarif à cette date : contactez la structure.",
        "This activity has no price on that day: ask the organisation.",
    ),
    "no_wallet": (
        409,
        "Aucun porte-monnaie n'est prévu pour cette activité : contactez la structure.",
        "No wallet is set up for this activity: ask the organisation.",
    ),
    "nothing_due": (409, "Il n'y a rien à payer.", "There is nothing to pay."),
    "payment_being_checked": (
        409,
        "Un paiement de cette commande est en cours de vérification : ne payez pas à nouveau.",
        "A payment of this order is being checked: do not pay again.",
    ),
    "payment_page_open": (
        409,
        "Une page de paiement est encore ouverte pour cette commande : continuez dans cet onglet.",
        "A payment page of this order is still open: go on in that tab.",
    ),
    "hold_expired": (
        409,
        "Le délai de paiement est dépassé : les places ont été libérées.",
        "The time to pay is over: the seats have been freed.",
    ),
    "email_missing": (
        422,
        "Indiquez une adresse électronique, sans accent avant le @, pour recevoir le ticket de paiement.",
        "Give an e-mail address, without an accent before the @, to receive the receipt.",
    ),
    "provider_unavailable": (
        503,
        "Le service de paiement ne répond pas : réessayez dans quelques minutes.",
        "The payment service does not answer: try again in a few minutes.",
    ),
}

_GENERIC: Final = ("Cette demande a été refusée.", "This request was refused.")

STATUSES: Final[dict[str, int]] = {code: row[0] for code, row in _TABLE.items()}


def status_of(code: str) -> int:
    """Return the HTTP status of a refusal code."""
    return STATUSES.get(code, UNKNOWN_CODE_STATUS)


def sentence(code: str, language: str) -> str:
    """Return the sentence for `code` in "fr" or "en"; any other language reads French."""
    row = _TABLE.get(code)
    french, english = (row[1], row[2]) if row else _GENERIC
    return typography.typeset(english if language == "en" else french, language)
