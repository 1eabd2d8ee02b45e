"""The rules of settlements: `settling` decides, `announcements` says which events tell of it."""
