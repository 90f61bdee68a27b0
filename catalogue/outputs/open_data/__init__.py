"""Open data: JSON and CSV for programs and spreadsheets."""
