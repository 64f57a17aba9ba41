"""The version of kbdiag."""

import sys

from facts.model.installed import installed_version


def version() -> str:
    """Return the version of kbdiag, "unknown" when it runs from a folder that was not installed."""
    return installed_version("kbdiag", sys.path) or "unknown"
