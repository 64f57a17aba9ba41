"""The laws of the layout: imports go one way, and nobody hides one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rooms import ROOT, arrows, backward

PACKAGES = ("facts", "engine", "kb")
KUBERNETES_WORDS = {"kubernetes", "pod", "pods", "kubelet", "kubectl", "deployment", "cilium", "tart"}


def _modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path, ast.parse(path.read_text(encoding="utf-8"))


def test_imports_go_one_way() -> None:
    """No folder's files import upwards, across, or in a circle; lazy imports count too."""
    assert backward(arrows()) == []


def test_imports_are_absolute() -> None:
    """The name of a module says where it lies."""
    relative = [
        str(path)
        for _, path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_no_circle_is_hidden_behind_type_checking() -> None:
    """`if TYPE_CHECKING` marks a circle, and is not there."""
    assert [str(path) for _, path, tree in _modules() if "TYPE_CHECKING" in ast.dump(tree)] == []


def test_the_engine_knows_no_word_of_kubernetes() -> None:
    """No name and no text in engine/ speaks of what is diagnosed; docstrings may say so to explain."""
    wrong = []
    for package, path, tree in _modules():
        if package != "engine":
            continue
        names = {node.id.lower() for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr.lower() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names & KUBERNETES_WORDS)]
    assert wrong == []
