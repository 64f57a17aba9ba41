"""Small rules for tests of the command line, so that no test depends on what the catalogue says."""

import os
from pathlib import Path

from click.testing import CliRunner, Result

from kb.cli import cli

DISK = """\
id: DEMO-DISK-FULL
title: {en: "The disk of {node} is full", ko: "{node} 노드의 디스크가 가득 찼다"}
layer: node
severity: critical
subject: {kind: Node, name: ?node}
affects: {kind: Pod, namespace: ?namespace, name: ?pod}
when:
  - log: {match: 'no space left on (?P<node>[a-z0-9-]+) for pod (?P<namespace>[a-z]+)/(?P<pod>[a-z0-9-]+)'}
strength: conclusive
prior: common
evidence:
  - if: [{filesystem: {node: ?node, used_percent: {gt: 95}}}]
    strength: moderate
    says: df shows that {node} is full
explains:
  - {signature: DEMO-POD-DOWN, where: {pod: ?pod}, strength: 0.95}
cause: Nothing can be written on {node} any more, so its Pods fail.
verify:
  - run: ssh {node} df -h /var/lib/containerd
    confirms: 100 percent
fix:
  - run: ssh {node} sudo crictl rmi --prune
    risk: disruptive
    note: images come back when they are needed
lesson: Watch the disk.
tests:
  fires:
    - {text: no space left on w1 for pod demo/web-1, subject: {kind: Node, name: w1}}
  near:
    - there was no space left on w1 for a moment
  fixed:
    - name: there is room
      given: [{filesystem: {node: w1, used_percent: 10}}]
"""

POD = """\
id: DEMO-POD-DOWN
title: Pod {pod} is down
layer: workload
severity: high
subject: {kind: Pod, namespace: demo, name: ?pod}
when:
  - log: {match: 'container of (?P<pod>[a-z0-9-]+) has died'}
strength: conclusive
prior: common
cause: The Pod is down.
fix:
  - run: kubectl logs {pod}
    risk: read-only
lesson: Look at the node first.
tests:
  fires:
    - container of web-1 has died
  near:
    - container of web-1 has started
"""

INCIDENT = """\
no space left on w1 for pod demo/web-1
container of web-1 has died
no space left on w1 for pod demo/web-2
container of web-2 has died
"""


def write_rules(folder: Path, *rules: str) -> Path:
    """Write the rules into `folder`, each where the linter wants it, and return the folder."""
    for text in rules or (DISK, POD):
        fields = dict(line.split(": ", 1) for line in text.splitlines()[:4])
        path = folder / fields["layer"] / f"{fields['id']}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def kbdiag(*arguments: str | Path, stdin: str | None = None, env: dict[str, str] | None = None) -> Result:
    """Run kbdiag in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin, prog_name="kbdiag", env=env)


class Desk:
    """A folder with rules and evidence, and `infer` run on them."""

    def __init__(self, folder: Path, evidence: str = INCIDENT) -> None:
        self.rules = write_rules(folder / "rules")
        self.evidence = folder / "incident.log"
        self.evidence.write_text(evidence, encoding="utf-8")

    def infer(self, *arguments: str | Path) -> Result:
        """Run `kbdiag infer` on the evidence with these rules alone."""
        return kbdiag(
            "infer",
            os.path.relpath(self.evidence),
            "--no-bundled-rules",
            "--rules",
            self.rules,
            "--engine",
            "reference",
            *arguments,
        )
