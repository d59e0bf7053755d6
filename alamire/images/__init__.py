"""Scans become pyramids, and pyramids become the answers of an Image API 3.0 service."""
