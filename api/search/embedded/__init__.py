"""The search engine inside the process: an index of words in numpy arrays, kept on disk."""
