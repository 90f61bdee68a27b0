"""The directory's own language: messages, days, names of languages."""
