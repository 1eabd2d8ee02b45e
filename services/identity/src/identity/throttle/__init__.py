"""The throttle: how often a log-in may be tried."""
