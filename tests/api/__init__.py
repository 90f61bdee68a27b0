"""The service's rooms, one after another, on real databases."""
