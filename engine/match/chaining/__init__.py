"""Two engines with one interface and the same results."""

from engine.match.chaining.chain import Engine
from engine.match.chaining.durable import DurableEngine, is_available
from engine.match.chaining.reference import ReferenceEngine
from facts.model.errors import UsageError

ENGINES: tuple[str, ...] = ("durable", "reference")


def open_engine(name: str | None = None) -> Engine:
    """Return the engine called `name`; without a name durable-rules where it is installed, else the reference.

    Raises UsageError for an engine that is not known or not installed. The caller closes what it opens.
    """
    if name is None:
        name = "durable" if is_available() else "reference"
    if name == "reference":
        return ReferenceEngine()
    if name != "durable":
        raise UsageError(f"--engine {name}: there is no such engine (one of {', '.join(ENGINES)})")
    if not is_available():
        raise UsageError(
            "--engine durable: durable-rules is not installed (it needs Python below 3.13; use --engine reference)"
        )
    return DurableEngine()
