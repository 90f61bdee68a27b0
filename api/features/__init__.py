"""What Kith does, a folder a feature."""
