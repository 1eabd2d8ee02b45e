"""What follows from a confirmation: orders to the seats, money, numbered requests."""
