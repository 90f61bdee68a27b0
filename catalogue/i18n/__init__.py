"""Translation: messages, names of languages, and the catalogues of translations."""
