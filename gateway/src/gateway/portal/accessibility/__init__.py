"""How accessible the portal is: the audit, criterion by criterion, and the declaration made from it."""
