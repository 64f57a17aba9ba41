"""Pages about a whole fleet."""
