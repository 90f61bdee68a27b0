"""Pledges, registers and signatories."""
