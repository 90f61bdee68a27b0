"""The content of a directory as typed values: entries in, faults or a catalogue out.

Pure: it reads files and computes. It knows neither MkDocs nor the running API.
"""
