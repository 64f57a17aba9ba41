"""`kbdiag kb graph`: the diagnosis and the catalogue as Mermaid and DOT."""

import re

import pytest

from engine.language.reader import read_rules
from kb.catalogue.catalogue import VOCABULARY, load_catalogue
from kb.report.graph import Edge, Graph, Node, dot, graph_of_catalogue, mermaid
from tests.kb.rulebook import DISK, Desk, kbdiag


def _graph(desk: Desk, *arguments: str) -> str:
    result = kbdiag("kb", "graph", "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference", *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_diagnosis_has_an_arrow_from_the_cause_to_each_effect(desk: Desk) -> None:
    """The full disk explains both Pods, and it alone is a root."""
    output = _graph(desk, str(desk.evidence))
    names = {key: name for name, key in re.findall(r'(n\d+)\["[^"]*<br/>(DEMO-\S+) ', output)}
    assert sorted(names) == ["DEMO-DISK-FULL/w1", "DEMO-POD-DOWN/demo/web-1", "DEMO-POD-DOWN/demo/web-2"]
    disk = names.pop("DEMO-DISK-FULL/w1")
    assert re.findall(r"(n\d+) --> (n\d+)", output) == [(disk, name) for name in sorted(names.values())]
    assert re.findall(r"(n\d+)\[.*:::root", output) == [disk]


def test_dot_draws_the_same_arrows(desk: Desk) -> None:
    """Both languages have the same nodes and edges under the same names."""
    drawn = re.findall(r"(n\d+) --> (n\d+)", _graph(desk, str(desk.evidence)))
    written = re.findall(r"(n\d+) -> (n\d+)", _graph(desk, str(desk.evidence), "--format", "dot"))
    assert drawn == written
    assert len(drawn) == 2


def test_without_evidence_the_catalogue_is_drawn(desk: Desk) -> None:
    """An arrow leads from a rule to what it explains, with the strength."""
    output = _graph(desk)
    assert re.findall(r'n\d+\["(DEMO-[A-Z-]+)', output) == ["DEMO-DISK-FULL", "DEMO-POD-DOWN"]
    assert re.search(r'n1 -->\|"\d+%"\| n2', output)


def test_a_derived_fact_stands_between_the_rules_that_conclude_and_read_it() -> None:
    """Every derivation of the bundled catalogue leads to its kind of fact, and no arrow leads to nowhere."""
    rules = load_catalogue().rules
    graph = graph_of_catalogue(rules)
    keys = [node.key for node in graph.nodes]
    assert len(keys) == len(set(keys))
    assert {key for edge in graph.edges for key in (edge.cause, edge.effect)} == set(keys)
    derivations = {rule.id: rule.concludes.kind for rule in rules if hasattr(rule, "concludes")}
    assert derivations
    assert {Edge(identity, f"fact {kind}") for identity, kind in derivations.items()} <= set(graph.edges)


def test_a_rule_without_links_is_left_out() -> None:
    """A picture of what hangs together has no lonely boxes."""
    (rule,) = read_rules(DISK, "r.yaml", VOCABULARY).rules
    assert graph_of_catalogue([rule]) == Graph((), ())


@pytest.mark.parametrize(
    "hostile", ['"]; click n1 "javascript:x"', "a\\", "<script>", "`x`", "#quot;", "x\n  n9 --> n1", "\x1b[2J"]
)
def test_evidence_cannot_leave_its_label(hostile: str) -> None:
    """Whatever a title holds, each language has one line for the node, and the label ends where it should."""
    graph = Graph((Node("a", (hostile,)),), ())
    (drawn,) = [line for line in mermaid(graph).splitlines() if line.startswith("  n")]
    assert re.fullmatch(r'  n1\["[^"<>`\[\]\\\x00-\x1f]*"\]', drawn)
    (written,) = [line for line in dot(graph).splitlines() if line.startswith("  n1")]
    assert re.fullmatch(r'  n1 \[label="(?:[^"\\\x00-\x1f]|\\.)*"\];', written)


def test_evidence_that_holds_nothing_gives_an_empty_graph(desk: Desk) -> None:
    """The status says that nothing was observed."""
    (desk.rules.parent / "empty.log").write_text("")
    empty = str(desk.rules.parent / "empty.log")
    result = kbdiag("kb", "graph", "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference", empty)
    assert (result.exit_code, result.stdout) == (1, "flowchart LR\n  classDef root stroke-width:3px\n")
