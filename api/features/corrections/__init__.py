"""Putting right: a visitor says what is wrong about an activity, a person looks and mends it."""
