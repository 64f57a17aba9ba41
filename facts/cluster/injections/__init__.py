"""Faults that somebody injects on purpose, one file per tool; a file with `injections` in it is all that a new tool takes."""
