"""The grammar of error lines: a text becomes the failures that it states, whatever component wrote it."""

from facts.read.failures.reader import read_failures, read_text
from facts.read.failures.recoveries import Recovery, Told, settled

__all__ = ["Recovery", "Told", "read_failures", "read_text", "settled"]
