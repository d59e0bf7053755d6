"""The same as the server serves, as files of a static site; and what both are made of."""
