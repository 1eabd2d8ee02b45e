"""What these tests borrow: booking's small town, whose offer is imported as by an operator."""

# found by pytest by their names, and so called nowhere here
from tests.booking.conftest import clock, import_files, of_town, people, store  # noqa: F401
