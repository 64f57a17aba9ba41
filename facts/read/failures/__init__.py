"""The grammar of error lines: a text becomes the failures that it states, whatever component wrote it."""

from facts.read.failures.reader import read_failures, read_text

__all__ = ["read_failures", "read_text"]
