"""The way in: a delivery becomes a plan, and a plan becomes a version in the archive."""
