"""What other services own and booking keeps a copy of: organisations, children, their enrolments."""
