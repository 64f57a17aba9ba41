"""Secrets become tokens before anything quotes or keeps them."""
