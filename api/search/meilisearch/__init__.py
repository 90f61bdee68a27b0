"""The search engine on a Meilisearch server."""
