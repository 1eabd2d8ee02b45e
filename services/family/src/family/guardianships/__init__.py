"""Guardianships: which adult has to do with which child, and so whose children are in a file."""
