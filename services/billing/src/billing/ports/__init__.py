"""What billing needs of others, in its own words: one module per service or provider.

Readers are tolerant: they take what they need and leave the rest.
"""
