"""Wallets: a purse for one group of activities, kept by one cash office."""
