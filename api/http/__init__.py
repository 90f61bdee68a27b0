"""What every request meets on its way in and out: protection, limits, problems."""
