"""The public register of a pledge, and what is published there."""
