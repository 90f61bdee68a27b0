"""Letters: written from templates, kept in the outbox, carried by a transport."""
