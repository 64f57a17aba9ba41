"""Failures as facts: in come the texts of the evidence, out goes a `failure` fact for each different failure of a text.

What a text is known to be about (its node, Pod, container, workload) holds for each failure in it, as far as the line
itself names no other.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from facts.model.failure import Failure, Hints, Level
from facts.model.schema.components import COMPONENT_LAYERS
from facts.model.schema.domains.failures import FailureFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Coverage, CoverageState, Fact, Text, text_of
from facts.read.failures import Recovery, Told, read_text, settled
from facts.read.failures.templates import Templates

_SOURCES = frozenset(("event", "status", "container", "shell"))
"""Sources of text that are no component."""

_PEER = re.compile(r"\[?(?P<host>[^\]/]+?)\]?:(?P<port>\d{1,5})$")


_Log = tuple[str, Hints]
"""What the lines of one component in one file have in common."""


class Reading(msgspec.Struct, frozen=True):
    """The `failure` facts of texts, and the texts, which now tell the lines of the failures that are over."""

    failures: tuple[Fact, ...]
    texts: tuple[Text, ...]
    coverage: tuple[Coverage, ...] = ()
    """The logs of which not all lines were read."""


def reading_of(texts: Iterable[Text]) -> Reading:
    """Read the failures of `texts`, text by text, in the order in which they are said first.

    The lines of one component in one log are one log, however others are mixed with them: what is known of a kind of
    record holds for all of them.
    """
    facts: list[Fact] = []
    read: list[Text] = []
    texts = tuple(texts)
    lengths: dict[_Log, int] = {}
    for text in texts:
        log = _log_of(text)
        lengths[log] = lengths.get(log, 0) + len(text.body)
    templates: dict[_Log, Templates] = {}
    tolds: list[tuple[Text, Told]] = []
    recoveries: dict[str, list[tuple[int, Recovery]]] = {}
    for text in texts:
        log = _log_of(text)
        if text.numbered and log not in templates:
            templates[log] = Templates(lengths[log])
        told = read_text(text.body, log[1], templates.get(log))
        tolds.append((text, told))
        if text.numbered and told.recoveries:
            known = recoveries.setdefault(text.source, [])
            known.extend((recovery.line + text.line, recovery) for recovery in told.recoveries)
    for text, told in tolds:
        of_file = recoveries.get(text.source, ()) if text.numbered else ()
        later = [msgspec.structs.replace(recovery, line=line - text.line) for line, recovery in of_file]
        failures, over = settled(told, later or told.recoveries)
        facts.extend(_facts(failures, text))
        read.append(msgspec.structs.replace(text, over=over) if over else text)
    unread: dict[str, int] = {}
    for (source, _), kinds in templates.items():
        unread[source] = unread.get(source, 0) + kinds.unread
    return Reading(tuple(facts), tuple(read), tuple(_unread(*each) for each in unread.items() if each[1]))


def _unread(source: str, count: int) -> Coverage:
    why = f"{count} lines with words of failure were not read: the log has too many kinds of lines (give a part of it)"
    return Coverage("evidence", source, CoverageState.PARTIAL, why)


def _facts(failures: Iterable[Failure], text: Text) -> Iterator[Fact]:
    for failure in failures:
        if failure.weak and text.failing:
            continue  # an event or a status that does not say why: the state is a fact already
        source = f"{text.source}:{text.line + failure.line - 1}" if text.numbered else text.source
        yield new_fact(_fact(failure, text), source, failure.text)


def _log_of(text: Text) -> _Log:
    return text.source, _hints(text)


def _hints(text: Text) -> Hints:
    components = sorted(text.components - _SOURCES)
    return Hints(
        component=components[0] if len(components) == 1 else "",
        node=_attribute(text, "node"),
        ends=text.ended,
        level=Level.ERROR if text.failing else None,
    )


def _fact(failure: Failure, text: Text) -> FailureFact:
    match = _PEER.match(failure.peer)
    host, port = (match["host"], int(match["port"])) if match else (failure.peer, 0)
    workload, source = _attribute(text, "workload"), text.source.split(" ", 1)[0]
    return FailureFact(
        about_kind=_attribute(text, "workload_kind") if workload else "Component" if failure.component else "Log",
        about=workload or failure.component or source,
        layer="workload" if workload else COMPONENT_LAYERS.get(failure.component, "workload"),
        component=failure.component,
        node=failure.node or _attribute(text, "node"),
        namespace=failure.namespace or _attribute(text, "namespace"),
        pod=failure.pod or _attribute(text, "pod"),
        container=failure.container or _attribute(text, "container"),
        workload_kind=_attribute(text, "workload_kind"),
        workload=workload,
        level=failure.level.value,
        operation=failure.operation,
        error=failure.error.value,
        object_kind=failure.object_kind,
        object=failure.object,
        peer=failure.peer,
        host="" if host.startswith("/") else host,
        port=port if port <= 65_535 else 0,
        detail=failure.detail,
        code=failure.code,
        by=failure.by,
        state=failure.state,
        count=max(failure.count, text.count),
        last=failure.last,
    )


def _attribute(text: Text, name: str) -> str:
    return text_of(text.attributes.get(name, ""))
