"""Cash offices: no money crosses from one to another, and each numbers its own documents."""
