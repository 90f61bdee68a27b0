"""Letters: rendered from templates, queued in the outbox, sent by a transport."""
