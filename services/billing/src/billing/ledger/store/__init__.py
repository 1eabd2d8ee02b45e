"""The journal and its accounts in MongoDB, and how decisions about money are carried out there.

`transactions`: a decision's transaction, stamp and events. `journal`: entries and the accounts they move.
"""
