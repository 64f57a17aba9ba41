"""Commands that are pasted reach another machine by the real ssh and sshd, and there mean what they say.

Every command of the rules that goes through ssh is run twice: with harmless words, and with a hostile value at each place
that takes one, as `tests.pasted` has them; but for those that look at every process, for these come and go. All go through one connection. On both sides there are only stubs, and the
file systems of the machine that is entered are read-only. The shells of the two sides are sh and bash, and bash and sh.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import Lab, Machine, need_lab, open_lab
from tests.pasted import VALUES, Case, Run, complaints, put_in, runs, script, stubs, templates

REMOTE = [
    template
    for template in templates()
    if ("ssh" in {place[1] for place in template.places} or "ssh {" in template.text)
    and not re.search(r"/proc/[*\[]", template.text)
]
DESTINATION = "192.168.66.2"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Give a lab whose machines run."""
    need_lab()
    with open_lab() as opened:
        yield opened


@pytest.mark.parametrize(("here", "there"), [("sh", "bash"), ("bash", "sh")])
def test_each_value_arrives_whole_on_another_machine(lab: Lab, here: str, there: str) -> None:
    """What the remote shell runs is what it runs for a harmless word, but for the value; nothing else is run anywhere."""
    twins = [template.twin() for template in REMOTE]
    hostile = [(number, case) for number, template in enumerate(REMOTE) for case in template.cases(1)]
    local, remote = _pasted(lab, here, there, [*twins, *(case for _, case in hostile)])
    wrong = [
        (case.text, side[number], seen)
        for side in (local, remote)
        for (number, case), seen in zip(hostile, side[len(twins) :], strict=True)
        if seen != put_in(side[number], case.values)
    ]
    assert wrong == []
    assert len(hostile) > 200
    assert sum(each != () for each in remote) > len(hostile)


def test_no_destination_is_an_option_of_ssh(lab: Lab) -> None:
    """Whatever the machine is called, ssh runs nothing here and enters the machine that it is told, or is not there."""
    template = next(each for each in REMOTE if each.text == "ssh {node} uptime")
    values = [value for value in VALUES if value and "\0" not in value]
    local, _ = _pasted(lab, "sh", "sh", [Case(template.filled({template.places[0]: value})[0]) for value in values])
    assert {words for ran in local for words in ran} <= {
        ("uptime", "<"),
        *(("ssh", value, "uptime", "<") for value in values),
    }
    assert sum(ran != () for ran in local) > 10


def _pasted(lab: Lab, here: str, there: str, cases: list[Case]) -> tuple[list[Run], list[Run]]:
    """Paste cases at the operator's machine; return what ran there, and what ran on the machine that ssh entered."""
    folder = lab.folder / f"pasted-{here}-{there}-{len(cases)}"
    local, remote, home = (folder / name for name in ("local", "remote", "home"))
    for each in (folder, local, remote, home):
        each.mkdir()
    programs = stubs(folder)
    machine = lab.vms[0]
    _enter(lab, machine, folder, {"PATH": programs, "RECORDS": remote, "HOME": home}, there)
    ssh = f"/usr/bin/ssh -F {folder}/config"
    lab.host.run("/bin/sh", "-c", f"{ssh} -MNf {DESTINATION}")
    try:
        given = [f"PATH={programs}", f"RECORDS={local}", f"HOME={home}", f"SSH={ssh}"]
        paste = f"cd {home} && exec /bin/{here} 2>../errors"
        lab.host.run("env", "-i", *given, "/bin/sh", "-c", paste, stdin=script(cases), check=False)
    finally:
        lab.host.run("/bin/sh", "-c", f"{ssh} -O exit {DESTINATION}")
    assert complaints((folder / "errors").read_text(errors="replace")) == []
    assert [path for path in home.rglob("*") if not path.is_dir()] == []
    return runs(local, len(cases)), runs(remote, len(cases))


def _enter(lab: Lab, machine: Machine, folder: Path, environment: dict[str, Path], shell: str) -> None:
    """Start an sshd of its own on a machine, behind which there are stubs only and nothing can be written."""
    port = 2200 + len(list(lab.folder.glob("pasted-*")))
    values = " ".join(f"{name}={value}" for name, value in environment.items())
    configuration = (
        (lab.folder / "sshd.conf")
        .read_text()
        .replace("Port 22", f"Port {port}")
        .replace("/run/sshd", f"/run/sshd{port}")
    )
    lines = [line for line in configuration.splitlines() if not line.startswith("SetEnv")]
    (folder / "sshd.conf").write_text("\n".join([*lines, f"SetEnv {values}", "AcceptEnv CASE", ""]))
    (folder / "config").write_text(
        f"Host *\n  HostName {machine.address}\n  HostKeyAlias {machine.address}\n  Port {port}\n  User root\n"
        f"  IdentityFile {lab.key('id')}\n  IdentitiesOnly yes\n  UserKnownHostsFile {lab.folder}/known_hosts\n"
        f"  ControlPath {folder}/control\n  ControlMaster no\n  SendEnv CASE\n  LogLevel ERROR\n"
    )
    for place, options in ((str(lab.folder), ""), ("/proc/sys", "ro"), ("/", "ro")):
        if place != "/":
            machine.run("mount", "--bind", place, place)
        if options:
            machine.run("mount", "-o", f"remount,bind,{options}", place)
    machine.run("sed", "-i", f"s#^\\(root:.*:\\)[^:]*$#\\1/bin/{shell}#", "/etc/passwd")
    machine.run("/usr/sbin/sshd", "-f", str(folder / "sshd.conf"), "-h", str(lab.key(machine.name)))
