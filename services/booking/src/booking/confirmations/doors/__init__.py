"""Confirming and cancelling, settling, looking back, and what is finished though nobody asks."""
