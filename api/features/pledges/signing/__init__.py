"""Signing a pledge: the form, paper, confirmation."""
