"""One activity on its own page."""
