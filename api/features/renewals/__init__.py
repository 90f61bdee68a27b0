"""Keeping a promise: asked once a year, renewed, changed, withdrawn; visitors say if it is true."""
