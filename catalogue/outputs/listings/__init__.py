"""Many activities: cards, listings, maps."""
