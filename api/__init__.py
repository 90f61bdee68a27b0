"""The running service: it answers questions, takes requests and sign-ups, and loses none of them."""
