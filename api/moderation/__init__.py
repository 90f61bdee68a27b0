"""What sign-ups and corrections share in moderation: history, reasons, decisions, commands."""
