"""The ledger: accounts, and the immutable journal of all that moved them."""
