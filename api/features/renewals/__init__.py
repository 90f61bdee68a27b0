"""Promises after publication: yearly reminders and renewals, changes, withdrawal, feedback."""
