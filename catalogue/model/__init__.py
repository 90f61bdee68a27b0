"""Structs for everything in `content/`, with properties and look-ups that need nothing else."""
