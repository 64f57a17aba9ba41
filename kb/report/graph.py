"""Graphs of what causes what, of a diagnosis or of a catalogue, in the languages of Mermaid and Graphviz."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import filter as matching
from types import MappingProxyType

import msgspec

from engine.language.rule import AnyRule, Derivation, Signature
from kb.report.report import Report
from kb.terminal.visible import visible

_LABEL = 120
"""Characters of a label; the end of a longer one is cut off."""


class Node(msgspec.Struct, frozen=True):
    """A box: its key, the lines in it, the layer that it lies in ("" for none), and whether nothing explains it."""

    key: str
    lines: tuple[str, ...]
    layer: str = ""
    is_root: bool = False


class Edge(msgspec.Struct, frozen=True, order=True):
    """An arrow between the keys of two nodes of the graph; `label` may be ""."""

    cause: str
    effect: str
    label: str = ""


class Graph(msgspec.Struct, frozen=True):
    """Nodes in the order in which they are drawn, and the arrows between them, sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of_report(report: Report) -> Graph:
    """Return the hypotheses of `report`, with an arrow from each to those that it explains."""
    nodes = tuple(
        Node(h.key, (h.title, f"{h.key} {h.belief:.0%}"), h.layer, is_root=not h.caused_by) for h in report.hypotheses
    )
    keys = {node.key for node in nodes}
    edges = {Edge(h.key, effect) for h in report.hypotheses for effect in h.explains}
    edges |= {Edge(cause, h.key) for h in report.hypotheses for cause in h.caused_by}
    return Graph(nodes, tuple(sorted(edge for edge in edges if {edge.cause, edge.effect} <= keys)))


def graph_of_catalogue(rules: Iterable[AnyRule]) -> Graph:
    """Return the rules that are linked: by what they explain, or by a kind of fact that one derives and another reads.

    A kind of fact is a node of its own, called `fact KIND`. The label of an explanation is its strength.
    """
    by_id = {rule.id: rule for rule in rules}
    derived = {rule.concludes.kind for rule in by_id.values() if isinstance(rule, Derivation)}
    edges: set[Edge] = set()
    for rule in by_id.values():
        edges |= {Edge(f"fact {kind}", rule.id) for kind in {pattern.kind for pattern in rule.patterns()} & derived}
        if isinstance(rule, Derivation):
            edges.add(Edge(rule.id, f"fact {rule.concludes.kind}"))
        if isinstance(rule, Signature):
            edges |= {
                Edge(rule.id, effect, f"{explains.strength:.0%}")
                for explains in rule.explains
                for effect in matching(by_id, explains.signature)
                if effect != rule.id
            }
    linked = {key for edge in edges for key in (edge.cause, edge.effect)}
    effects = {edge.effect for edge in edges}
    nodes = [
        Node(rule.id, (rule.id, rule.title.get("en", "")), rule.layer, is_root=rule.id not in effects)
        for rule in sorted(by_id.values(), key=lambda rule: rule.id)
        if rule.id in linked
    ]
    kinds = [Node(f"fact {kind}", (f"fact {kind}",)) for kind in sorted(derived)]
    return Graph((*nodes, *kinds), tuple(sorted(edges)))


def mermaid(graph: Graph) -> str:
    """Return `graph` as a flowchart of Mermaid, one subgraph a layer. Roots have the class `root`.

    Text is escaped with entity codes: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
    """
    names = _names(graph)
    lines = ["flowchart LR"]
    for layer, nodes in _by_layer(graph).items():
        indent = "  "
        if layer:
            lines.append(f'  subgraph layer_{len(lines)}["{_entities(layer)}"]')
            indent = "    "
        for node in nodes:
            label = "<br/>".join(_entities(line) for line in node.lines)
            lines.append(f'{indent}{names[node.key]}["{label}"]{":::root" if node.is_root else ""}')
        if layer:
            lines.append("  end")
    for edge in graph.edges:
        label = f'|"{_entities(edge.label)}"|' if edge.label else ""
        lines.append(f"  {names[edge.cause]} -->{label} {names[edge.effect]}")
    lines.append("  classDef root stroke-width:3px")
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """Return `graph` as a directed graph of Graphviz, one cluster a layer. Roots are bold.

    Text stands in double quotes: https://graphviz.org/doc/info/lang.html
    """
    names = _names(graph)
    lines = ["digraph kbdiag {", "  rankdir=LR;", "  node [shape=box];"]
    for layer, nodes in _by_layer(graph).items():
        indent = "  "
        if layer:
            lines += [f"  subgraph cluster_{len(lines)} {{", f"    label={_quoted(layer)};"]
            indent = "    "
        for node in nodes:
            bold = ", style=bold" if node.is_root else ""
            lines.append(f"{indent}{names[node.key]} [label={_quoted(*node.lines)}{bold}];")
        if layer:
            lines.append("  }")
    for edge in graph.edges:
        label = f" [label={_quoted(edge.label)}]" if edge.label else ""
        lines.append(f"  {names[edge.cause]} -> {names[edge.effect]}{label};")
    return "\n".join([*lines, "}"]) + "\n"


WRITERS: Mapping[str, Callable[[Graph], str]] = MappingProxyType({"mermaid": mermaid, "dot": dot})
"""The languages that a graph can be written in."""


def _names(graph: Graph) -> dict[str, str]:
    """Return a short name for each node, since keys hold characters that neither language allows in names."""
    return {node.key: f"n{place}" for place, node in enumerate(graph.nodes, 1)}


def _by_layer(graph: Graph) -> dict[str, list[Node]]:
    layers: dict[str, list[Node]] = {}
    for node in graph.nodes:
        layers.setdefault(node.layer, []).append(node)
    return layers


def _shown(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"


def _entities(text: str) -> str:
    """Return evidence as a label of Mermaid: all but letters, digits and harmless marks become entity codes."""
    return "".join(one if one.isalnum() or one in " .,:/-_@…%" else f"#{ord(one)};" for one in _shown(text))


def _quoted(*lines: str) -> str:
    escaped = (_shown(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
