"""Rename an entry of the register, merge two into one, and undo either."""
