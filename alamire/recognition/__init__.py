"""Scans to notation: staves, symbols, parts and a draft encoding that says it was read by a machine."""
