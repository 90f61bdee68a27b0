"""What an operator does with a whole installation: its keys, its backups, its accounts of both."""
