"""My money: balances, what is due, paying online."""
