"""Somebody says that a published promise is not true, or was never made."""
