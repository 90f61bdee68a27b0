"""Schedules in plain English, read word by word; `when.read_when` is the way in.

Every error says in plain words what is wrong, and ends with an example of what can be read.
"""
