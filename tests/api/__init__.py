"""Tests of the API service, on real databases."""
