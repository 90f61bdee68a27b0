"""Where the service keeps what it was told: one writer, many readers, and the migrations."""
