"""Checks of tools/lint: each is a function from a Tree to problems and warnings."""
