"""A check only reads, and a fix that is called read-only does too."""

import re
from collections.abc import Iterator

from engine.language.rule import Signature
from facts.model.shell import tokens
from kb.catalogue.lint import Mistake, Specimen

_CHANGES = re.compile(
    r"\bkubectl\b[^|;&]*?\s(?:apply|create|delete|drain|cordon|uncordon|edit|patch|replace|scale|taint|label|annotate|set|cp"
    r"|run\b(?!.*\s--rm\b)"
    r"|rollout\s+(?:restart|undo|pause|resume))\b"
    r"|\bhelm\b[^|;&]*?\s(?:install|upgrade|rollback|uninstall|delete)\b"
    r"|\bsystemctl\b[^|;&]*?\s(?:start|stop|restart|reload|enable|disable|mask|unmask|daemon-reload)\b"
    r"|\btart\s+(?:run|stop|delete|create|clone|set|suspend)\b"
    r"|\bkubeadm\s+(?:init(?!\s+phase\s+preflight)|join|reset|upgrade\s+apply)\b"
    r"|\b(?:crictl|nerdctl|docker|ctr)\b[^|;&]*?\s(?:rm|rmi|stop|kill|prune|restart)\b"
    r"|\betcdctl\b[^|;&]*?\s(?:put|del|defrag|compact|move-leader|member\s+(?:add|remove|update))\b"
    r"|(?:^|[|;&(]|\bsudo|\bxargs)\s*(?:rm|mv|dd|mkfs\S*|reboot|shutdown|poweroff|kill|pkill|killall|swapoff|chmod|chown|truncate)\s"
    r"|\bsed\s+(?:-\S+\s+)*-\S*i|(?<![0-9&<=-])>{1,2}\s*(?!/dev/null)(?=[A-Za-z/~.$])"
)

_NAME_TO_FILL_IN = re.compile(r"<[A-Za-z][\w-]*>")


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield commands that change something where only reading is allowed."""
    rule = specimen.rule
    if not isinstance(rule, Signature):
        return
    yield from (mistake for name in ("verify", "fix") for mistake in _misread(specimen, name))
    for place, step in enumerate(rule.verify):
        if found := _change(step.run):
            yield Mistake(
                specimen.value("verify", place),
                f"a check must only read, this one changes something: {found}",
                "move it to fix",
            )
    for place, step in enumerate(rule.fix):
        if step.risk == "read-only" and (found := _change(step.run)):
            yield Mistake(
                specimen.value("fix", place),
                f"this is not read-only: {found}",
                "call it safe, disruptive or destructive",
            )


def _misread(specimen: Specimen, name: str) -> Iterator[Mistake]:
    """Yield commands that no shell reads, or whose remote part the wrong machine reads."""
    for place, step in enumerate(getattr(specimen.rule, name)):
        try:
            expanded = _expanded_before_ssh(step.run)
        except ValueError as error:
            yield Mistake(specimen.value(name, place), f"no shell reads this: {error}", "close the quote")
            continue
        if expanded:
            message = f"the machine at which this is pasted expands it, not the one that ssh enters: {expanded}"
            yield Mistake(specimen.value(name, place), message, "use single quotes for what ssh is given")


def _expanded_before_ssh(command: str) -> str:
    remote = False
    for token in tokens(command):
        if token.kind != "word" or token.value == "ssh":
            remote = token.value == "ssh"
        elif remote and token.expands:
            return token.value
    return ""


def _change(command: str) -> str:
    """Return the part of a command that changes something, "" when it only reads, or leaves nothing behind."""
    only_reads = "--dry-run" in command or "--list" in command
    found = None if only_reads else _CHANGES.search(_NAME_TO_FILL_IN.sub("X", command))
    return " ".join(found[0].split()).lstrip("|;&( ") if found else ""
