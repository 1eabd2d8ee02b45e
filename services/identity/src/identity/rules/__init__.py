"""The verbs of identity, pure: what is → what follows. No input, no output, no clock, no ids."""
