"""What happens when the commands of a report are pasted: they are run by real shells that find nothing but stubs.

A stub records its arguments and what it reads, and does nothing. Those of `sudo`, `sh`, `bash` and `kubectl exec` then
run what they are given, so that shells within shells are real too.
"""

import itertools
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from engine.language.rule import Signature
from engine.language.template import Lookup, fill_command, refused_values
from facts.model.shell import tokens
from kb.catalogue.catalogue import load_catalogue

_PLACEHOLDER = re.compile(r"(?<![{$%\\])\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}(?!\})")
_STUB = """#!/bin/sh
name=${0##*/} read= line=
case $name in kubectl | sudo | sh | bash) ;; *) while IFS= read -r line; do read="$read$line
"; done ;; esac
DEPTH=x$DEPTH; export DEPTH
printf '%s\\0' "$name" "$@" "<$read$line" >"$RECORDS/$CASE.$$.$DEPTH"
case $name in
  ssh) [ -z "$SSH" ] || exec $SSH "$@" ;;
  sh | bash) exec /bin/sh "$@" ;;
  sudo) case $1 in -* | */*) ;; *) exec "$@" ;; esac ;;
  kubectl)
    [ "$1" != --context ] || shift 2
    for word; do shift; case $word$1 in ---* | --*/*) ;; --?*) [ "$word" != -- ] || exec "$@" ;; esac; done ;;
esac
"""

_LONG = 100_000
_SPECIAL = " \t\n\r\v\f!\"#$%&'()*;<>?[\\]^`{|}~\x00\x01\x07\x08\x1b\x7f"
_INVISIBLE = "\u00a0\u00ad\u200b\u200d\u200e\u202e\u2028\u2066\ufeff"
_LOOKALIKE = "－‐–—；｜＆＄（）｀＂＇／．＊～：＝аеοрсхⅰ𝗐１é"
HOSTILE: Mapping[str, Sequence[str]] = {
    "code": (
        *(f"w{quote}{code}" for code in ("$(touch owned)", "`touch owned`", "${IFS}") for quote in ("", "'", '"', "\\", "'\"'")),
        *(f"w{end}touch owned" for end in (";", "\n", "|", "||", "&", "&&", "\n\n", "'\n", '";', "';", "\\\n", "\r\n", "# \n")),
        *("w;touch\towned", "w;touch${IFS}owned", "$((1+1))", "$'a'", '$"a"', "$HOME", "${HOME}", "$0", "$!", "!!", "!-1", "^a^b"),
    ),
    "files": ("w>owned", "w>>owned", ">owned", "w<owned", "w 2>owned", "<(touch owned)", "w<<E\nowned\nE", "w>|owned", "&>owned"),
    "globs": ("*", "?", "[a-z]", "w*", "/*", "/etc/*", "~", "~root", "~/x", "~+", "{a,b}", "{}", "{{}}", "{1..9}", "w{a,b}", "%s", "%n%n", "%%"),
    "quotes": ("'", '"', "''", '""', "a'b", 'a"b', "'a'", '"a"', "a\\", "\\", "\\\\", "'\\''", "a'b\"c", "\\'", '\\"', "a\\ b"),
    "blanks": (" ", "a b", " a", "a ", "a  b", "a\tb", "\n", "a\n", "\na", "\r", "web -n kube-system", "web --all", "a\u3000b"),
    "options": (
        "-", "--", "-x", "--all", "-A", "-n", "-rf", "--force", "-oProxyCommand=touch owned", "-oProxyCommand=touch${IFS}owned",
        "-oPermitLocalCommand=yes", "--kubeconfig=/tmp/x", "--context=evil", "--server=evil", "-f/etc/passwd", "-exec", "-i", "-delete",
        "--namespace=kube-system", "-nkube-system", "--as=system:admin", "--output=owned", "-Fowned", "--checkpoint-action=exec=touch",
        "+x", "=x", "=touch", "@/etc/passwd", "-o=x", "−x", "–x", "－－all", "---", "--\n", "-$(touch owned)",
    ),
    "places": ("..", "../..", "../../etc/passwd", "a/../b", "/..", "a/..", "../", "/../x", "a=..", "x:../y"),
    "names": (
        "a,b", "pods,secrets", "a/b", "secret/a", "a=b", "app=", "a-", "web-", "a+", "a:b", ":", ".", "...", "a..b", "a.", ".a", "/", "//",
        "/a", "a//b", "A", "WEB", "a_b", "_a", "_", "0", "00", "0x1", "1e9", "-0", "99999999999999999999", "true", "null", "NaN", "a@b", "@",
        "root@evil", "user@1000.service", "x@sha256:0a1b", "evil@a.service", "1.2.3.4:80", "fe80::1", "::", "a,", ",", ",a", "a=,b", "a:=b",
        "registry.example/web:1.2@sha256:0a1b", "/nonexistent/log/x.log", "system:node:w1", "CON", "localhost", "0.0.0.0", "127.1",
    ),
    "characters": (
        *_SPECIAL, *(f"a{character}b" for character in _SPECIAL), *(f"a{character}b" for character in _INVISIBLE), *_INVISIBLE,
        *(f"a{character}b" for character in _LOOKALIKE), *_LOOKALIKE, "\u202egnp.exe", "שלום", "مرحبا", "日本", "👩‍💻", "e\u0301", "\ud800", "a\udcffb",
    ),
    "long": ("a" * 64, "a" * 254, "a" * 1025, "a" * _LONG, "a." * 200 + "a", "/a" * 700, "a " * (_LONG // 2), "'" * 5000, "$(" * 5000, "(" * 5000),
    "nothing": ("", "\x00"),
}  # fmt: skip
"""Values by what they try. `touch owned` leaves a trace if anything runs it."""

VALUES = tuple(dict.fromkeys(itertools.chain.from_iterable(HOSTILE.values())))


class Case(msgspec.Struct, frozen=True):
    """A command to paste, and the values that stand in it, by the word that stands for each in its harmless twin."""

    text: str
    values: Mapping[str, str] = {}


Run = tuple[tuple[str, ...], ...]
"""What was run: for each program its name, its arguments, and `<` with what it read; each once, sorted."""


class Template:
    """A command of a rule; its placeholders are filled by `words`, or by values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = tuple(dict.fromkeys((match[1], match[2] or "") for match in _PLACEHOLDER.finditer(text)))
        self.words = {place: f"qz{number}" for number, place in enumerate(self.places)}

    def filled(self, values: Mapping[tuple[str, str], str]) -> tuple[str, tuple[str, ...]]:
        """Return the command as a report prints it, and the values that it refuses."""
        return fill_command(self.text, *self._named(values)), self.refused(values)

    def accepted(self, place: tuple[str, str]) -> tuple[str, ...]:
        """Return the hostile values that the command takes at a place."""
        return _accepted(self, place)

    def refused(self, values: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
        """Return those of `values` that the command refuses."""
        return refused_values(self.text, *self._named(values))

    def _named(self, values: Mapping[tuple[str, str], str]) -> tuple[dict[str, str], Lookup]:
        """Return the names that the placeholders stand for, and what tells the attributes of what is so named."""
        every = {**self.words, **values}
        bindings = {name: every.get((name, ""), f"named-{name}") for name, _ in self.places}

        def lookup(name: str, attribute: str) -> str:
            variable = next(variable for variable, bound in bindings.items() if bound == name)
            return every[variable, attribute]

        return bindings, lookup

    def twin(self) -> Case:
        """Return the command with harmless words."""
        return Case(self.filled({})[0])

    def cases(self, number: int) -> Iterator[Case]:
        """Give `number` commands in which every place has a hostile value, if there is any that it takes."""
        choices = {place: self.accepted(place) for place in self.places}
        start = sum(map(ord, self.text))
        for turn in range(start, start + number):
            values = {place: taken[turn % len(taken)] for place, taken in choices.items() if taken}
            if values:
                yield Case(self.filled(values)[0], {self.words[place]: value for place, value in values.items()})


@cache
def _accepted(template: Template, place: tuple[str, str]) -> tuple[str, ...]:
    return tuple(value for value in VALUES if value and not template.refused({place: value}))


@cache
def templates() -> tuple[Template, ...]:
    """Return every command of every bundled rule, each once."""
    rules = [rule for rule in load_catalogue().rules if isinstance(rule, Signature)]
    return tuple(Template(text) for text in sorted({step.run for rule in rules for step in (*rule.verify, *rule.fix)}))


def stubs(folder: Path) -> Path:
    """Make a stub for every word of the commands that may be a program, and for what hostile values run."""
    made = folder / "stubs"
    made.mkdir()
    stub = made / ".stub"
    stub.write_text(_STUB, encoding="utf-8")
    stub.chmod(0o755)
    for name in {"touch"}.union(*(re.findall(r"(?<![\w./-])[A-Za-z][\w.+-]*", each.text) for each in templates())):
        (made / name).hardlink_to(stub)
    return made


def script(cases: Sequence[Case]) -> str:
    """Return a script that runs each case like a line that is pasted, and tells the stubs its number."""
    lines = [
        f"CASE={number} DEPTH=; export CASE DEPTH\n( eval {shlex.quote(case.text)}\nwait ) </dev/null >/dev/null"
        for number, case in enumerate(cases)
    ]
    return "\n".join(lines) + "\n"


def complaints(output: str) -> list[str]:
    """Return the lines in which a shell says that it found no program; one that is called by its path is no stub."""
    return [line for line in output.splitlines() if re.search(r": [^ :/]+: (?:command )?not found", line)]


def run(shell: str, cases: Sequence[Case], folder: Path) -> list[Run]:
    """Run cases with a shell that finds stubs only, in an empty home; return what each of them ran.

    Fails if a program was not found.
    """
    home, records = folder / f"home-{shell}", folder / f"records-{shell}"
    (home / ".ssh").mkdir(parents=True)
    records.mkdir()
    environment = {"PATH": str(stubs(folder)), "HOME": str(home), "RECORDS": str(records)}
    done = subprocess.run(
        [f"/bin/{shell}"],
        input=script(cases).encode(),
        env=environment,
        cwd=home,
        capture_output=True,
        timeout=300,
        check=False,
    )
    unknown = complaints(done.stderr.decode(errors="replace"))
    assert unknown == [], unknown
    return runs(records, len(cases))


def runs(records: Path, number: int) -> list[Run]:
    """Return what each of a number of cases ran, from the records of the stubs."""
    found: list[list[tuple[str, ...]]] = [[] for _ in range(number)]
    for record in records.iterdir():
        words = record.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
        found[int(record.name.partition(".")[0])].append(tuple(words))
    return [tuple(sorted(set(each))) for each in found]


def put_in(ran: Run, values: Mapping[str, str]) -> Run:
    """Return `ran` with values for the harmless words of a twin."""
    pattern = re.compile(r"qz\d+")
    return tuple(
        sorted(
            {tuple(pattern.sub(lambda match: values.get(match[0], match[0]), word) for word in words) for words in ran}
        )
    )


def redirected(command: str) -> list[str]:
    """Return the files that a command reads or writes by redirection, in commands within its words too."""
    found = []
    following = False
    for token in tokens(command):
        if token.kind == "word" and following:
            found.append(token.value)
        elif token.kind == "word" and token.value != command and re.search(r"\s", token.value):
            with suppress(ValueError):  # no command: a text, a pattern, a program of awk
                found += redirected(token.value)
        following = token.kind == "operator" and token.value.lstrip("0123456789") in ("<", ">", ">>", ">|", "<>")
    return found
