"""The page that explains the public API, made from its OpenAPI document."""
