"""What Kith is measured against: the same work, done as others would do it."""
