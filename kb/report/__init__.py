"""The diagnosis as values, and what is made of it."""
