"""What follows from a basket: its movements, its lines with what they would answer, their prices."""
