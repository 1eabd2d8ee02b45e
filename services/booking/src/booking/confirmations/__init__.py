"""The second validation: seats are written, billing settles, and the answer is kept, once."""
