"""Encryption, tokens, references, and normal forms of contacts."""
