"""Staff accounts, sign-in, roles, and the staff area's own pages."""
