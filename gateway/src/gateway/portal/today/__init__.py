"""Today's card: which children are where, from when to when, and who may collect them."""
