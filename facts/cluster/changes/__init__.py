"""What changed: each file reads one source of changes; `change.py` is what comes out."""
