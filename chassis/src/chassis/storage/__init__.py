"""The database: connections and transactions, the outbox that tells of what was kept, the inbox."""
