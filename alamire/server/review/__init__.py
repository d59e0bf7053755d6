"""The correction page: a process of its own, on loopback, for one person and one surface at a time."""
