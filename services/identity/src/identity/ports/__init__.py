"""What identity needs of others: so far only the hashing of passwords."""
