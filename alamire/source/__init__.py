"""Folios, identifiers and the description of a songbook: pure facts, no input or output."""
