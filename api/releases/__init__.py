"""Builds releases of the site, and loads the current one."""
