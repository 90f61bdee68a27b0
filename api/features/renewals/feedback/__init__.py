"""Ask visitors whether a promise was true, and have staff look where three said no."""
