"""What identity must know of what others own: families."""
