"""Lines that redaction must leave as they are, and the files and objects in which they may stand."""

from pathlib import Path

HARMLESS = tuple(
    line
    for line in Path(__file__).with_name("harmless.txt").read_text().splitlines()
    if line and not line.startswith("#")
)
"""Each line looks as if it held a secret."""
