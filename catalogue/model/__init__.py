"""What content is, as typed values: structs."""
