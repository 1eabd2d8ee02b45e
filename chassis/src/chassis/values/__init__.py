"""What travels and is compared: instants, ids, contexts, events, errors, texts, tables. No I/O."""
