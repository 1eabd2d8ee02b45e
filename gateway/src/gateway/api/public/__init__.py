"""What anybody may ask: an organisation before the log-in, and the log-in with its sessions."""
