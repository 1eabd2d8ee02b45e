"""The planning: what a day means to a child, cell by cell and all activities together."""
