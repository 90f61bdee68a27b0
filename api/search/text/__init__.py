"""Words of questions and documents: tokens, vocabulary, synonyms, query plans."""
