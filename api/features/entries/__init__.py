"""Entries of activities in the browser: staff add, change, end, take off and bring back."""
