"""When an activity happens: rules in plain English, exceptions and sessions."""
