"""Commands of the rules do what they say, whatever the names in the evidence are.

The values are those of `tests.pasted.HOSTILE`: more than 300, of eleven classes. Covered is, for every command of every
bundled rule: that each value at each placeholder is filled in whole or refused with a reason (the full product); and,
run by sh and by bash, that each argument is what it is with a harmless word, but for the value. There every command is
run as it is printed, once for each of TURNS sets of values: at each of its placeholders stands one that it takes, in
turn, so that every value that is taken anywhere is run in many commands. tests/lab does the same through a real sshd.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from facts.model.shell import tokens
from kb.report.merge import addressed
from kb.terminal.page import broken
from tests.pasted import HOSTILE, VALUES, Case, put_in, redirected, run, templates

TURNS = 2
SHELLS = ("sh", "bash")
WITH_NAMES = [template for template in templates() if template.places]


def test_there_are_enough_hostile_values() -> None:
    """They are of many kinds, and each is there once."""
    assert len(VALUES) >= 200
    assert len(HOSTILE) == 11


def test_every_value_is_filled_in_whole_or_refused() -> None:
    """Every value at every place of every command: a refused one is told, stands nowhere, and leaves a comment."""
    wrong = []
    for template in WITH_NAMES:
        for place in template.places:
            without = template.filled({place: "\0"})[0]
            assert "\0" not in without
            for value in filter(None, VALUES):
                text, refused = template.filled({place: value})
                fine = text == without if refused else value in text
                if not fine or refused not in ((), (value,)):
                    wrong.append((template.text, place, value[:50], text[:200], refused))
    assert wrong == []


def test_a_command_without_a_name_does_nothing_or_stands_alone() -> None:
    """A comment is a comment to its last line; without its machine a remote command is what ssh would have sent."""
    for template in WITH_NAMES:
        for place in template.places:
            text = template.filled({place: "--all;x"})[0]
            if not all(line.startswith("# ") for line in text.splitlines()):
                found = tokens(template.twin().text)
                assert (found[0].value, place[1]) in {("ssh", "ssh"), ("ssh", "")}, text
                end = next((number for number, token in enumerate(found) if token.kind != "word"), len(found))
                start = next(number for number, token in enumerate(found) if token.value == template.words[place]) + 1
                sent = " ".join(token.value for token in found[start:end])
                assert text in (sent, template.twin().text) or text.startswith((f"{sent} ", f"({sent}) ")), text


def test_no_value_is_a_file_to_write() -> None:
    """A redirection creates or empties a file, whatever stands behind it."""
    wrong = []
    for template in templates():
        files = redirected(template.twin().text) if not template.twin().text.startswith("#") else []
        wrong += [template.text for file in files if re.fullmatch(r"qz\d+|/(?!dev/null).*", file)]
    assert wrong == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_value_arrives_whole(shell: str, tmp_path: Path) -> None:
    """Nothing else is run, and nothing is created."""
    twins = [template.twin() for template in WITH_NAMES]
    printed = [
        (number, Case("\n".join(broken(case.text, 80)), case.values))
        for number, template in enumerate(WITH_NAMES)
        for case in template.cases(TURNS)
    ]
    ran = run(shell, [*twins, *(case for _, case in printed)], tmp_path)
    wrong = []
    for (number, case), seen in zip(printed, ran[len(twins) :], strict=True):
        if seen != put_in(ran[number], case.values):
            wrong.append((case.text, ran[number], seen))
        for words in seen:
            ends = words.index("--") if "--" in words else len(words)
            options = [word for word in words[:ends] if word.startswith("-")]
            assert not set(options) & set(case.values.values()), words
    assert wrong == []
    assert len(printed) > len(twins)
    idle = [twin.text for twin, programs in zip(twins, ran, strict=False) if not programs]
    assert [text for text in idle if not re.match(r"#|command -v|[\w.]*/", text)] == []
    assert _left(tmp_path / f"home-{shell}") <= {".ssh/known_hosts"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_that_is_refused_does_nothing(shell: str, tmp_path: Path) -> None:
    """Every command is pasted with a value that no place takes, at each of its places."""
    texts = {template.filled({place: "x;touch owned"})[0] for template in WITH_NAMES for place in template.places}
    comments = [Case(text) for text in sorted(texts) if text.startswith("#")]
    assert len(comments) > 500
    assert set(run(shell, comments, tmp_path)) == {()}
    assert _left(tmp_path / f"home-{shell}") == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_context_of_a_cluster_arrives_whole(shell: str, tmp_path: Path) -> None:
    """A kubeconfig may call its context anything; every `kubectl` of the shell that is pasted into is told it."""
    commands = [t.twin().text for t in templates() if "kubectl" in t.text and not t.twin().text.startswith("#")]
    twins = [Case(addressed(text, "context qz99")) for text in commands]
    values = [VALUES[number % len(VALUES)] or "a" for number in range(len(commands))]
    given = [Case(addressed(text, f"context {value}")) for text, value in zip(commands, values, strict=True)]
    ran = run(shell, [*twins, *given], tmp_path)
    shown = 0
    for before, after, case, value in zip(ran, ran[len(twins) :], given, values, strict=False):
        if value.isprintable():
            assert after == put_in(before, {"qz99": value}), case.text
            shown += after != ()
        else:
            assert after == (), case.text
    assert shown > 100
    told = Counter(words[1] == "--context" for each in ran[: len(twins)] for words in each if words[0] == "kubectl")
    assert told[True] > 10 * told[False]
    assert _left(tmp_path / f"home-{shell}") <= {"ca.crt"}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_can_be_read_by_a_shell(shell: str) -> None:
    """Those without names too."""
    lines = [f"x{number}() {{ :\n{each.twin().text}\n}}" for number, each in enumerate(templates())]
    done = subprocess.run([shell, "-n"], input="\n".join(lines), text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _left(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
