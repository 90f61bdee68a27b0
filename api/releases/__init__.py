"""Builds releases of the site, and serves the current one."""
