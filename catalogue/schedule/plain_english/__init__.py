"""Schedules as volunteers write them, read word by word: `when` is the way in.

Every refusal says in plain words what is wrong and ends with an example of what can be read.
"""
