"""Finding something to go to: search and single activities, as JSON and as a page."""
