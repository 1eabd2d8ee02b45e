"""The words of the payment page, French and English."""

WORDS = {
    "fr": {
        "title": "Paiement (simulation)",
        "notice": "Aucun argent ne circule : ce programme tient la place du service de paiement.",
        "amount": "Montant",
        "label": "Objet",
        "reference": "Référence",
        "pay": "Payer",
        "refuse": "Carte refusée",
        "abandon": "Abandonner",
        "close": "Fermer sans répondre",
        "closed": "Rien n'a été transmis. Vous pouvez fermer cet onglet, ou revenir à la page de paiement.",
        "back": "Revenir au paiement",
        "return": "Retourner au portail",
        "paid": "Le paiement est accepté.",
        "refused": "Le paiement est refusé.",
        "abandoned": "Le paiement a été abandonné.",
        "expired": "La page de paiement n'est plus valable.",
        "unknown": "Ce paiement est inconnu.",
        "other": "English",
    },
    "en": {
        "title": "Payment (simulation)",
        "notice": "No money moves: this program stands in for the payment service.",
        "amount": "Amount",
        "label": "For",
        "reference": "Reference",
        "pay": "Pay",
        "refuse": "Card refused",
        "abandon": "Abandon",
        "close": "Close without an answer",
        "closed": "Nothing was sent. You may close this tab, or go back to the payment page.",
        "back": "Back to the payment",
        "return": "Back to the portal",
        "paid": "The payment is accepted.",
        "refused": "The payment is refused.",
        "abandoned": "The payment was abandoned.",
        "expired": "The payment page is no longer valid.",
        "unknown": "This payment is not known.",
        "other": "Français",
    },
}

# French puts narrow no-break spaces between thousands and before the sign of the currency.
_NARROW = "\u202f"


def amount_words(cents: int, language: str) -> str:
    """Write an amount in euros as its readers do."""
    euros, rest = divmod(cents, 100)
    if language == "fr":
        return f"{euros:,}".replace(",", _NARROW) + f",{rest:02d}{_NARROW}€"
    return f"€{euros:,}.{rest:02d}"
