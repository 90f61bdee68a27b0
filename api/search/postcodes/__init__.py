"""Where a postcode lies: the directory file that the ONS publishes, kept for exact distances."""
