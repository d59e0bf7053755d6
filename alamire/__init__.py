"""alamire."""
