"""Plugins: the modules of a folder, and the modules that other packages add through Python entry points."""

import pkgutil
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import msgspec

from facts.model.installed import mentions_entry_points

_GROUPS = "kbdiag."
"""What the names of all groups of entry points start with."""


class EntryPoint(Protocol):
    """An entry point as importlib.metadata gives it, which is slow to import."""

    name: str
    value: str

    def load(self) -> Any:
        """Import what it names."""
        ...


class Plugins(msgspec.Struct, frozen=True):
    """An extension point: a module in `package`, or an entry point of `group`, is enough to extend it.

    A plugin has the name of its module or entry point. An entry point replaces the module of the same name.
    """

    package: str
    group: str

    def names(self) -> tuple[str, ...]:
        """Return the names of all plugins, sorted, without importing one."""
        return tuple(sorted(self._modules() | self._added().keys()))

    def load(self, name: str) -> ModuleType:
        """Import the plugin called `name`, one of `names()`."""
        return self._loaded(name, self._added())

    def load_all(self) -> dict[str, ModuleType]:
        """Import all plugins; return them by name, in the order of their names."""
        added = self._added()
        return {name: self._loaded(name, added) for name in sorted(self._modules() | added.keys())}

    def _loaded(self, name: str, added: dict[str, EntryPoint]) -> ModuleType:
        module: ModuleType = added[name].load() if name in added else import_module(f"{self.package}.{name}")
        return module

    def _modules(self) -> set[str]:
        return {module.name for module in pkgutil.iter_modules(import_module(self.package).__path__)}

    def _added(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in _points(self.group, tuple(sys.path))}


def plugin_folders(group: str) -> tuple[Path, ...]:
    """Return the folders of the packages that entry points of `group` name, in the order of the entry points' names."""
    from importlib.resources import files

    points = sorted(_points(group, tuple(sys.path)), key=lambda point: point.name)
    return tuple(Path(str(files(point.value))) for point in points)


@cache
def _points(group: str, path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Return the entry points of `group` among the packages on `path`, read once: each package has a file of its own."""
    if not _is_extended(path):
        return ()
    from importlib.metadata import entry_points

    return tuple(entry_points(group=group))


@cache
def _is_extended(path: tuple[str, ...]) -> bool:
    return mentions_entry_points(_GROUPS, path)
