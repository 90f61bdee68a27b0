"""Staff read what visitors reported, decide about it, and may undo that."""
