"""The database: connections and transactions, documents, migrations, leases, outbox and inbox."""
