"""What an operator runs beside the service: imports, and the check of all books."""
