"""Who pays, of those that family told of."""

from billing.copies.model import Family, Payer


def payer_of(family: Family, guardian_id: str | None, email: str | None) -> Payer | None:
    """Return who pays; None when there is no address to give to the provider.

    `email` goes before the address of the guardian who asks, and that before anybody else's.
    """
    own = [each for each in family.contacts if each.guardian_id == guardian_id]
    addresses = (each.email for each in (*own, *family.contacts) if each.email)
    address = email or next(addresses, None)
    if address is None:
        return None
    return Payer(address, own[0].name if own and own[0].name else family.name)
