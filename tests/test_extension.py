"""One file, or one row, is enough to extend kbdiag: each test drops one in and sees it work end to end."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.cluster import virtual_machine
from facts.extract.evidence import extract
from facts.model.plugins import Plugins
from facts.model.values import Observation, ObservationKind, Snapshot
from facts.read import evidence as reading
from facts.read.evidence import read_evidence
from kb.report.formats import format_names, open_format
from tests.facts.given import facts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder whose modules a test adds to a package of kbdiag; it forgets them at the end."""
    before = set(sys.modules)
    _forget()
    yield tmp_path
    monkeypatch.undo()
    for name in set(sys.modules) - before:
        sys.modules.pop(name)
    _forget()


def _forget() -> None:
    virtual_machine.vm_managers.cache_clear()
    reading._readers.cache_clear()


def _drop(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str, name: str, text: str) -> None:
    """Put the file `name` into `package`."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    module = importlib.import_module(package)
    monkeypatch.setattr(module, "__path__", [*module.__path__, str(folder)])


def test_a_vm_manager_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its list is read from saved text, its VMs become facts, and the prompt of its program is known."""
    manager = (
        "import re\n"
        "from facts.cluster.virtual_machine import VirtualMachine\n"
        "from facts.cluster.vm_text import state_of\n"
        'PROGRAM, LISTS, OPTIONS = "orb", ("orb list",), ()\n'
        'HEADER, ROW = r"MACHINE[ \\t]+STATUS", re.compile(r"\\S+\\s+(running|stopped)")\n'
        "def machines(listed):\n"
        "    for line in listed.text().splitlines()[1:]:\n"
        "        name, state = line.split()\n"
        '        yield VirtualMachine(name, "orb", state_of(state), listed.source, line)\n'
    )
    _drop(folder, monkeypatch, "facts.cluster.vm_managers", "orb", manager)
    listed = Observation(ObservationKind.COMMAND, "vms.txt", b"MACHINE STATUS\nw1 stopped\n", {"command": "orb list"})
    (vm,) = facts(extract(Snapshot((listed,))), "vm")
    assert (vm["name"], vm["manager"], vm["state"]) == ("w1", "orb", "stopped")


_ROW = '_custom("Widget", "shop.example/v1", "widgets", "widgets", "wd", {"COLOUR": "spec.colour"}),'
_WITH_ROW = f"""
import sys, types
from pathlib import Path
import facts.cluster
path = Path(facts.cluster.__path__[0]) / "kinds.py"
end = "\\n)\\n# fmt: on"
text = path.read_text(encoding="utf-8")
assert text.count(end) == 1
module = types.ModuleType("facts.cluster.kinds")
sys.modules["facts.cluster.kinds"] = facts.cluster.kinds = module
exec(compile(text.replace(end, "\\n    " + {_ROW!r} + end), str(path), "exec"), vars(module))

from facts.collect.collectors.kubernetes import LISTS
from facts.read.evidence import read_evidence
print([kind.collector for kind, _ in LISTS if kind.name == "Widget"])
snapshot = read_evidence(["-"], b"NAME   COLOUR   AGE\\nw1     red      5d\\n")
print(snapshot.observations[0].body.decode(), snapshot.coverage[0].collector)
print(read_evidence(["-"], b"$ kubectl get wd -n demo\\nNo resources found in demo namespace.\\n").coverage[0].collector)
"""


def test_a_kind_is_one_row() -> None:
    """A row of the table is enough for live lists, kubectl's tables, short names and coverage."""
    done = subprocess.run([sys.executable, "-c", _WITH_ROW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed, table, absent = done.stdout.splitlines()
    assert listed == "['kubernetes/widgets']"
    assert '"kind":"Widget"' in table
    assert '"colour":"red"' in table
    assert table.endswith(" kubernetes/widgets")
    assert absent == "kubernetes/widgets"


def test_a_fact_kind_is_one_struct(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A struct in a file of the folder is a kind that rules may use."""
    text = (
        "from typing import Annotated, ClassVar\n"
        "from facts.model.schema.kind import FactKind, Meaning, TypedFact\n"
        "class TideFact(TypedFact, frozen=True, kw_only=True):\n"
        '    """How high the water is."""\n'
        '    KIND: ClassVar[FactKind] = FactKind(name="tide", layer="node", subject=("=Node", "", "node"))\n'
        '    node: Annotated[str, Meaning("name of the node", "w1")] = ""\n'
        '    height: Annotated[float, Meaning("height of the water", 2.5, unit="m")] = 0.0\n'
    )
    _drop(folder, monkeypatch, "facts.model.schema.domains", "tides", text)
    structs = importlib.import_module("facts.model.schema.kinds")._structs()
    declared = importlib.import_module("facts.model.schema.kind").kind_of(structs["tide"])
    assert declared.doc == "How high the water is."
    assert declared.attributes["height"].description == "height of the water (m)"


def test_an_extractor_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it yields is among the facts."""
    text = (
        "from facts.model.schema.domains.vms import VmFact\n"
        "from facts.model.schema.new_fact import new_fact\n"
        "def extract(index):\n"
        '    yield new_fact(VmFact(name="added"), "a test", "a test")\n'
    )
    _drop(folder, monkeypatch, "facts.extract.domains", "added", text)
    assert [fact.attributes["name"] for fact in extract(Snapshot()).facts] == ["added"]


def test_a_reader_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A section that it opens is its own."""
    text = (
        "from facts.read.text.command import command_reading\n"
        'OPENING = r"TIDE TABLE"\n'
        "def read_section(lines, setting):\n"
        '    return command_reading(lines, 2, setting, "tide")\n'
    )
    _drop(folder, monkeypatch, "facts.read.formats", "tide", text)
    (found,) = read_evidence(["-"], b"TIDE TABLE\nhigh\n").observations
    assert (found.attribute("command"), found.body) == ("tide", b"TIDE TABLE\nhigh\n")


def test_a_report_format_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is what --output takes."""
    _drop(folder, monkeypatch, "kb.report.formats", "shout", 'def render(report, view):\n    return "!"\n')
    assert "shout" in format_names()
    assert open_format("shout").render(None, None) == "!"  # type: ignore[arg-type]  # it looks at neither


def test_a_collector_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found by its file."""
    text = "from facts.collect.collector import Collected\ndef collect(request):\n    return Collected()\n"
    _drop(folder, monkeypatch, "facts.collect.collectors", "tides", text)
    assert "tides" in importlib.import_module("facts.collect.collect").COLLECTORS.names()


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a small package that extends kbdiag through entry points."""
    package = folder / "tides"
    (package / "rules").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "reader.py").write_text(
        "from facts.read.text.command import command_reading\n"
        'OPENING = r"TIDE TABLE"\n'
        "def read_section(lines, setting):\n"
        '    return command_reading(lines, 2, setting, "tide")\n'
    )
    (package / "extractor.py").write_text(
        "from facts.model.schema.domains.machines import LoadFact\n"
        "from facts.model.schema.new_fact import new_fact\n"
        "def extract(index):\n"
        '    for tide in index.store.commands("tide"):\n'
        '        yield new_fact(LoadFact(node="w1", per_cpu=9.0), tide.source, tide.text())\n'
    )
    (package / "rules" / "TIDE-HIGH.yaml").write_text(
        "id: TIDE-HIGH\ntitle: The water on {node} is high\nlayer: node\nseverity: high\nstatus: experimental\n"
        'subject: {kind: Node, name: "{node}"}\nwhen:\n  - load: {node: "?node", per_cpu: {gt: 5}}\n'
        "strength: strong\nprior: common\ncause: |\n  The tide.\nverify:\n  - {run: date, confirms: it is noon}\n"
        "fix:\n  - {run: echo wait, risk: safe}\nlesson: Wait.\ntests:\n"
        "  fires: [{given: [{load: {node: w1, per_cpu: 9.0}}], subject: {kind: Node, name: w1}}]\n"
        "  near: [{given: [{load: {node: w1, per_cpu: 1.0}}]}]\n"
    )
    information = folder / "tides-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: tides\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[kbdiag.readers]\ntide = tides.reader\n[kbdiag.extractors]\ntide = tides.extractor\n"
        "[kbdiag.rules]\ntides = tides\n"
    )
    monkeypatch.syspath_prepend(str(folder))


def test_a_package_extends_kbdiag_through_entry_points(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader reads, its extractor makes facts, and the folder of its rules is found."""
    from engine.diagnosis import infer
    from engine.match.chaining.reference import ReferenceEngine
    from kb.catalogue.catalogue import load_catalogue

    _install(folder, monkeypatch)
    assert "tide" in Plugins("facts.read.formats", "kbdiag.readers").names()
    snapshot = read_evidence(["-"], b"TIDE TABLE\nhigh\n")
    found = extract(snapshot)
    assert [fact["node"] for fact in facts(found, "load")] == ["w1"]
    program = load_catalogue().program()
    assert infer(program, found, ReferenceEngine()).hypotheses[0].candidate.rule.id == "TIDE-HIGH"


def test_an_entry_point_replaces_a_module_of_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package may mend a reader of kbdiag."""
    _install(folder, monkeypatch)
    points = folder / "tides-1.0.dist-info" / "entry_points.txt"
    points.write_text("[kbdiag.readers]\nping = tides.reader\n")
    module = Plugins("facts.read.formats", "kbdiag.readers").load("ping")
    assert module.__name__ == "tides.reader"
