"""The version of kbdiag."""

from importlib import metadata


def version() -> str:
    """Return the version of kbdiag, "unknown" when it runs from a folder that was not installed."""
    try:
        return metadata.version("kbdiag")
    except metadata.PackageNotFoundError:
        return "unknown"
