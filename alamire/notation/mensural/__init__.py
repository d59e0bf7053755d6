"""Mensural notation: what its signs say, and how their context decides how long each note is."""
