"""Lists what the rules tell people to run, the most frequent first: `python -m tests.healthy.checks`.

A command that begins no line with a prompt in the corpus is marked with `-`: its healthy output is still to be written.
"""

import re
from collections import Counter

from engine.language.rule import Signature
from kb.catalogue.catalogue import load_catalogue
from tests.healthy.alarms import corpus

_PROMPT = re.compile(r"(?m)^\$ (.+)$")
_WORD = re.compile(r"[a-z][a-z0-9_.-]*")
_WRAPPERS = ("sudo", "time", "nohup")


def main() -> None:
    """Print the commands with how often rules ask for them."""
    signatures = [rule for rule in load_catalogue().rules if isinstance(rule, Signature)]
    asked = Counter(each for rule in signatures for step in rule.verify for each in commands(step.run))
    shown = {each for path in corpus() for line in _PROMPT.findall(path.read_text()) for each in commands(line)}
    for command, count in sorted(asked.items(), key=lambda entry: (-entry[1], entry[0])):
        print(f"{'+' if command in shown else '-'} {count:4} {command}")


def commands(line: str) -> list[str]:
    """Return program and subcommand of each command of a shell line; of kubectl also what it gets or describes."""
    line = re.sub(r"""ssh \S+ (["'])(.*?)\1""", r"\2", line)
    found = []
    for part in re.split(r"[|;&]+", line):
        words = [word for word in part.split() if word not in _WRAPPERS]
        if words and _WORD.fullmatch(words[0]):
            found.append(" ".join(_told(words)))
    return found


def _told(words: list[str]) -> list[str]:
    program, rest = words[0], words[1:]
    if program == "kubectl":
        rest = re.sub(r"(?:-n|--namespace) \S+ ?", "", " ".join(rest)).split()
        return [program, *rest[: 2 if rest[:1] in (["get"], ["describe"], ["top"], ["auth"], ["config"]) else 1]]
    return [program, *[word for word in rest[:1] if _WORD.fullmatch(word) and "." not in word]]


if __name__ == "__main__":
    main()
