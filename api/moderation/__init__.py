"""What every decision of staff about something sent in shares."""
