"""Payment attempts in MongoDB, in the collection `payments`.

`forms`: what a document says. `debts`: what one is to pay. `looks`: when the provider is asked about one.
`attempts`: what becomes of it.
"""
