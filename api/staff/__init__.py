"""Who may do what, and who did: one-time tokens and the audit trail."""
