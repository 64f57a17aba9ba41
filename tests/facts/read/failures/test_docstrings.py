"""What docstrings show is so."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from facts.read import failures

MODULES = [module.name for module in pkgutil.walk_packages(failures.__path__, f"{failures.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    """The examples of a module give what stands below them."""
    assert doctest.testmod(import_module(name)).failed == 0
