"""The content of a directory as typed data: entries in, a catalogue or its faults out.

Reads files and computes; knows neither MkDocs nor the API. Layers, top to bottom: build, outputs,
read, schedule, model, i18n, then `faults` and `progress`.
"""
