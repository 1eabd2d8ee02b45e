"""The seats of a day: who has one, who waits, who asked; the truth of every booking's state."""
