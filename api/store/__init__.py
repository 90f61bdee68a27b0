"""The database: one writer, many readers, the schema and its migrations."""
