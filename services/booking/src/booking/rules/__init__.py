"""The verbs of booking: pure functions from what is to what follows; no input or output, no clock, no ids."""
