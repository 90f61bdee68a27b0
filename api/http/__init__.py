"""What all routes share: request checks, rate limits, errors, the page frame, static files."""
