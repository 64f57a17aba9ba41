"""Saved evidence of any kind becomes one snapshot."""
