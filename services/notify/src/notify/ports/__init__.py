"""What notify hears of others, and how mail leaves."""
