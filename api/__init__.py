"""The running service: it answers, takes requests and sign-ups, and loses none of them."""
