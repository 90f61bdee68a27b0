"""Pages and files of the site, from the catalogue."""
