"""Children, and the view that a family has of its own file."""
