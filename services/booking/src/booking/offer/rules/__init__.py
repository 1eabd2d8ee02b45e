"""What follows from an offer: deadlines and their text, openings, who may attend."""
