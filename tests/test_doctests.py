"""Examples in docstrings run, and the text that a reader shows in its docstring is text that it reads."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import engine
import facts
import kb
from facts.read.evidence import READERS, read_evidence
from facts.read.text.reading import Lines
from facts.snapshot.setting import setting_of_path

MODULES = sorted(
    module.name
    for package in (facts, engine, kb)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if module.name != "kb.__main__"
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """What a docstring shows is what happens."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def _sample(text: str | None) -> str:
    """Return what follows the first paragraph of a docstring."""
    return inspect.cleandoc(text or "").partition("\n\n")[2] + "\n"


@pytest.mark.parametrize("name", READERS.names())
def test_a_reader_reads_the_text_that_it_shows(name: str) -> None:
    """The docstring of a reader holds an example of its format."""
    reader = READERS.load(name)
    body = _sample(reader.__doc__).encode()
    assert body.strip(), "its docstring shows no example"
    if body.startswith(b"$ "):  # it needs the command above
        assert read_evidence(["-"], body).coverage
        return
    setting = setting_of_path("example.txt")
    if hasattr(reader, "read_section"):
        reading = reader.read_section(Lines(body, 0, "example.txt", 1), setting)
    else:
        assert reader.recognises(body[:4096])
        reading = reader.read_document(body, "example.txt", setting)
    assert reading is not None
    assert reading.observations or reading.coverage
