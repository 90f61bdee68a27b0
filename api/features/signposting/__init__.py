"""Signposting requests: somebody asks for help, a person answers, and the outcome is recorded."""
