"""What runs in the background while the service runs."""
