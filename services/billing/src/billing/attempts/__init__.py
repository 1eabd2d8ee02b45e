"""Payment attempts: one try at the provider to pay parts of settlements; it ends in no payment or in one."""
