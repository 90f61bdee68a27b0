"""What search engines are fed and what its form offers."""
