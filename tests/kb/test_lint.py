"""The linter: each check finds its mistake, at its line and column, and leaves sound rules alone."""

from pathlib import Path

import pytest

from tests.kb.rulebook import DISK, POD, kbdiag, write_rules

WHEN = "  - log: {match: 'no space left on (?P<node>[a-z0-9-]+) for pod (?P<namespace>[a-z]+)/(?P<pod>[a-z0-9-]+)'}\n"
FAULTS = [
    ("signature: DEMO-POD-DOWN", "signature: DEMO-POD-DOWM", "16:5: there is no rule DEMO-POD-DOWM (did you mean DEMO-POD-DOWN?)"),
    ("where: {pod:", "where: {pods:", "16:5: DEMO-POD-DOWN has no variable pods (did you mean pod?)"),
    ("run: ssh {node} df -h /", "run: ssh {node} sudo systemctl restart x; df /", "19:5: a check must only read, this one changes something: systemctl restart (move it to fix)"),
    ("run: ssh {node} df -h /", "run: date > /etc/x; df -h /", "19:5: a check must only read, this one changes something: > (move it to fix)"),
    ("run: ssh {node} df -h /var/lib/containerd", "run: ssh {node} \"df -h '/$(hostname)'\"", "19:5: the machine at which this is pasted expands it, not the one that ssh enters: df -h '/$(hostname)' (use single quotes for what ssh is given)"),
    ("run: ssh {node} df -h /", "run: ssh {node} 'df -h /", "19:5: no shell reads this: a quote does not end (close the quote)"),
    ("risk: disruptive", "risk: read-only", "22:5: this is not read-only: crictl rmi (call it safe, disruptive or destructive)"),
    ("run: ssh {node} df", "run: ssh {node.ssg} df", "19:5: nothing that has a name has the attribute ssg (did you mean ssh?)"),
    (DISK[DISK.index("  near:") :], "", "27:3: no test expects silence (add a look-alike under near, or the mended state under fixed)"),
    ("  fires:\n    - {text: no space left on w1 for pod demo/web-1, subject: {kind: Node, name: w1}}\n", "", "27:3: no test lets the rule fire (add the text of the incident under fires)"),
    ("there was no space left on w1 for a moment", "the disk of w1 is full", "30:7: this is no near miss: it holds no fixed text of a pattern, and no fact that nearly fits a condition (take a message that shares words with the pattern, or put the test under fixed)"),
    ("  fixed:", "    - there was no space left on w1 for a moment\n  fixed:", "31:7: this test stands here twice (remove one of them)"),
    (WHEN, WHEN + WHEN, "8:3: log (line 9) stands here twice (remove one of them)"),
    (WHEN, WHEN + "  - filesystem: {mount: ?mount}\n", "8:3: log (line 8) and filesystem (line 9) share no variable, so all their facts are paired (let them share one, or bind nothing in one of them)"),
    ("no space left on (?P<node>", "no space (?P<source>left) on (?P<node>", "8:3: the group source takes the place of the attribute source of the text (name it after what it holds)"),
    ("signature: DEMO-POD-DOWN", "signature: DEMO-DISK-FULL", "16:5: DEMO-DISK-FULL explains itself (name the signature that it is the cause of)"),
    ("used_percent: {gt: 95}", "used_percent: {gt: abc}", "12:51: gt compares numbers, and abc is none (write a number)"),
    ("used_percent: {gt: 95}", "mount: {gt: 95}", "12:44: filesystem.mount is no number, so gt never holds (compare it with in, not or match)"),
    ("used_percent: {gt: 95}", "used_percent: full", "12:51: filesystem.used_percent is a number, never full (write a number)"),
    ("used_percent: {gt: 95}", "mount: {match: '^/(?P<device>.+)'}", "8:3: the group device (line 12) must equal the attribute device of the filesystem fact, or the rule does not fire (name the group otherwise, or bind the attribute with device: ?device)"),
    ("layer: node", "layer: image", "3:8: the rule is of layer image and lies in the folder node (move it to image/)"),
    ("id: DEMO-DISK-FULL", "id: DEMO-DISK", "1:5: DEMO-DISK-FULL.yaml is not named after its rule (DEMO-DISK.yaml, one rule to a file)"),
]  # fmt: skip


SICK = """\
id: DEMO-NODE-SICK
title: Node {node} is sick
layer: node
symptom: true
about: node
says: the node is sick indeed
cause: Something ails the node.
verify: {kubectl describe node: what ails it}
fires: {text: the node is sick indeed, subject: {kind: Node}}
fixed: the node is well
"""


def lint(folder: Path, *arguments: str) -> list[str]:
    """Return what the linter says about a folder, without the folder's own path and without the summary."""
    output = kbdiag("rules", "lint", folder, "--no-bundled-rules", *arguments).output
    return [line.removeprefix(f"{folder}/") for line in output.splitlines()[:-1]]


def test_sound_rules_have_no_mistakes(tmp_path: Path) -> None:
    """Nothing is said about rules that are as they should be."""
    result = kbdiag("rules", "lint", write_rules(tmp_path), "--no-bundled-rules")
    assert (result.exit_code, result.output) == (0, "no mistakes in 2 files\n")


@pytest.mark.parametrize(("right", "wrong", "told"), FAULTS)
def test_a_mistake_is_found_at_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """Each check tells its mistake, and nothing else, with file, line and column."""
    assert right in DISK
    write_rules(tmp_path)
    path = tmp_path / "node" / "DEMO-DISK-FULL.yaml"
    path.write_text(DISK.replace(right, wrong, 1), encoding="utf-8")
    found = lint(tmp_path)
    assert f"node/DEMO-DISK-FULL.yaml:{told}" in found
    if not told.startswith("8:3: log"):  # the line number stands twice in what these say
        assert len(found) == 1


def test_a_name_must_be_bound_in_every_alternative(tmp_path: Path) -> None:
    """A subject that stays empty in one alternative is a mistake; a title may say `<node>`."""
    any_of = f"  - any:\n    {WHEN}      - memory: {{role: host}}\n"
    write_rules(tmp_path, DISK.replace(WHEN, any_of), POD)
    assert lint(tmp_path) == [
        "node/DEMO-DISK-FULL.yaml:5:10: ?node is not bound in every alternative of when (bind it in each of them)",
    ]


def test_two_rules_that_explain_each_other(tmp_path: Path) -> None:
    """Only one of two can be the cause; it is told once."""
    back = "explains:\n  - {signature: DEMO-DISK-*, strength: 0.5}\n"
    write_rules(tmp_path, DISK, POD.replace("cause:", back + "cause:"))
    told = "DEMO-POD-DOWN explains DEMO-DISK-FULL as well (only one can be the cause)"
    assert lint(tmp_path) == [f"node/DEMO-DISK-FULL.yaml:16:5: {told}"]


def test_what_the_subject_tells_needs_no_explanation(tmp_path: Path) -> None:
    """A signature explains a symptom of its own subject by itself; of another subject it has to be said."""
    write_rules(
        tmp_path,
        SICK,
        DISK.replace(
            "{signature: DEMO-POD-DOWN, where: {pod: ?pod}", "{signature: DEMO-NODE-SICK, where: {node: ?node}"
        ),
    )
    told = "DEMO-NODE-SICK is a symptom of the same subject, so this is known (leave the entry out)"
    assert lint(tmp_path) == [f"node/DEMO-DISK-FULL.yaml:16:5: {told}"]


@pytest.mark.parametrize("entry", ["{signature: DEMO-NODE-SICK", "{signature: DEMO-NODE-SICK, where: {node: other}"])
def test_an_explanation_of_other_subjects_is_needed(tmp_path: Path, entry: str) -> None:
    """Without the names, or with others, an entry says more than the subject does."""
    write_rules(tmp_path, SICK, DISK.replace("{signature: DEMO-POD-DOWN, where: {pod: ?pod}", entry))
    assert lint(tmp_path) == []


def test_two_rules_with_the_same_conditions(tmp_path: Path) -> None:
    """A rule that repeats another's conditions is told to differ."""
    write_rules(tmp_path, DISK, POD, POD.replace("DEMO-POD-DOWN", "DEMO-POD-GONE"))
    found = lint(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("workload/DEMO-POD-GONE.yaml:7:3: DEMO-POD-DOWN (")


def test_a_flat_folder_of_ones_own_is_fine(tmp_path: Path) -> None:
    """Folders named after layers are asked for only where there are some."""
    (tmp_path / "DEMO-POD-DOWN.yaml").write_text(POD)
    assert lint(tmp_path) == []


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Mistakes of the reader and of the checks, of all files, in the order of files and lines; the status is 2."""
    write_rules(
        tmp_path, DISK.replace("signature: DEMO", "signature: NO"), POD.replace("severity: high", "severity: huge")
    )
    result = kbdiag("rules", "lint", tmp_path, "--no-bundled-rules")
    assert result.exit_code == 2
    assert [line.removeprefix(f"{tmp_path}/").split(": ")[0] for line in result.output.splitlines()] == [
        "node/DEMO-DISK-FULL.yaml:16:5",
        "workload/DEMO-POD-DOWN.yaml:4:11",
        "2 mistakes in 2 files",
    ]


def test_mistakes_that_only_show_together(tmp_path: Path) -> None:
    """A fact kind that neither the schema nor a rule knows is told with its line."""
    write_rules(tmp_path, DISK.replace("filesystem: {node", "filesystems: {node"), POD)
    found = lint(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("node/DEMO-DISK-FULL.yaml:12:1: there is no fact kind filesystems (")


@pytest.mark.parametrize(
    "command",
    [
        "kubectl get pods -A",
        "kubectl describe deployment <name> -n demo",
        "kubectl exec -n demo web -- nc -vz cart <port>",
        "kubectl run -it --rm probe --image=busybox -- nslookup cart",
        "ssh w1 sudo journalctl -u kubelet --no-pager -n 50",
        "ssh w1 sudo systemctl status kubelet 2>/dev/null",
        "helm upgrade web ./chart --dry-run",
        "kubectl set env deployment/web --list",
        "crictl ps -a | awk '$3 > 80'",
        "kubeadm init phase preflight",
    ],
)
def test_reading_commands_are_checks(tmp_path: Path, command: str) -> None:
    """What leaves nothing behind may be a check."""
    right = "run: ssh {node} df -h /var/lib/containerd"
    assert right in DISK
    write_rules(tmp_path, DISK.replace(right, f"run: {command}"), POD)
    assert lint(tmp_path) == []
