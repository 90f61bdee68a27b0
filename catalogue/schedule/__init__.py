"""When an activity happens: rules, exceptions and sessions."""
