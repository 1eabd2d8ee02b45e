"""The balance page: one line per wallet, what the coming days will cost, and the totals."""
