"""Builds the site: puts outputs into templates and writes pages and files."""
