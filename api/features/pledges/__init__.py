"""Signing a pledge: from a form to a confirmed promise, and from there to the public register."""
