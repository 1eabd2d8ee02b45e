"""Drafts in MongoDB, and the lines that reviews and confirmations share."""
