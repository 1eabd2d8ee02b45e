"""`python -m booking.commands`."""

from booking.commands import main

main()
