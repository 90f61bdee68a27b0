"""What is printed: materials and QR codes."""
