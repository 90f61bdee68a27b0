"""Other languages than English, whole: every word in a made-up one, and the Welsh site."""
