"""The laws of the layout: imports go one way, and nobody hides one."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"facts": {"facts"}, "engine": {"facts", "engine"}, "kb": {"facts", "engine", "kb"}}
KUBERNETES_WORDS = {"kubernetes", "pod", "pods", "kubelet", "kubectl", "deployment", "cilium", "tart"}


def _modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for package in ALLOWED:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield (node.module or "").split(".")[0]


def test_imports_go_one_way() -> None:
    """The facts package imports neither engine nor kb, engine does not import kb; lazy imports count too."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path, tree in _modules()
        for name in _imported(tree)
        if name in {"facts", "engine", "kb", "rules", "tests"} - ALLOWED[package]
    ]
    assert wrong == []


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
