"""What an internal error becomes: coverage that names the part of kbdiag that failed, and what it failed on."""

import traceback
from pathlib import Path

from facts.model.values import Coverage, CoverageState

INTERNAL = "internal"
"""The reason of coverage that an internal error left."""


def internal_error(part: str, source: str, error: Exception, collector: str = "evidence") -> Coverage:
    """Return the coverage of `source`, on which `part` ("reader df", "extractor pods") failed with `error`.

    The error's own text is left out, for it may quote a secret; its type and place in the code are what a report needs.

    >>> internal_error("reader df", "host.txt", KeyError("Mounted")).why
    'internal error in reader df on host.txt: please report (KeyError)'
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f", {'/'.join(Path(frames[-1].filename).parts[-2:])}:{frames[-1].lineno}" if frames else ""
    why = f"internal error in {part} on {source or 'the evidence'}: please report ({type(error).__name__}{place})"
    return Coverage(collector, source or "*", CoverageState.PARTIAL, why, reason=INTERNAL)
