"""Quotes in the database: what was promised stands."""

from billing.quotes.rules import price_line, quote
from tests.billing.town import FAMILY, MINUTE, NOW, SCOPE, WALLET, asked, tariff


def promised(cents):
    lines = [price_line(asked(1), [tariff(cents)], [WALLET])]
    return quote(
        quote_id="q", family_id=FAMILY, lines=lines, given_back=(), notes=(), now=NOW, promised_for=MINUTE
    )


def test_a_quotes_id_that_was_used_before_gives_the_prices_that_were_promised_first(store):
    first = store.quotes.keep(SCOPE, promised(500))
    assert store.quotes.keep(SCOPE, promised(900)) == first == store.quotes.get(SCOPE, "q")
