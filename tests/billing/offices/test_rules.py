"""How documents are numbered: docs/rules/money.md."""

from billing.offices.rules import Series, number_of, series_of, year_of
from tests.billing.town import (
    LEISURE,
    NOW,
)


def test_documents_are_numbered_per_series_cash_office_and_local_year():
    assert number_of(Series.RECEIPT, LEISURE, 2026, 42) == "R-LOISIRS-2026-000042"
    assert series_of("R-LOISIRS-2026-000042") == ("R-LOISIRS-2026", 42)
    new_year = NOW.replace(month=12, day=31, hour=23, minute=30)
    assert (year_of(new_year, "Europe/Paris"), year_of(new_year, "America/Cayenne")) == (2027, 2026)
