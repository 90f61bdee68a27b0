"""The search engine inside the process (tantivy)."""
