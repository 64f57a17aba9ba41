"""Reads the failures of a text: in come the bytes of a log or a message, out go the failures, each once with its count.

    candidate lines -> records -> statements -> reasons -> failures -> folded, with their positions

Lines without a word of failure cost one pass of an automaton. A record that differs from one before only in numbers,
times and identifiers is judged by that one.
"""

from facts.model.failure import Failure, Hints
from facts.read.failures.judging import judged
from facts.read.failures.lines.candidates import EXIT, FAILURE, RECOVERY, candidate_lines
from facts.read.failures.lines.extent import Extents
from facts.read.failures.positions import Positions
from facts.read.failures.recoveries import Told, settled
from facts.read.failures.templates import Templates

_NO_HINTS = Hints()


def read_failures(text: bytes, hints: Hints = _NO_HINTS, templates: Templates | None = None) -> tuple[Failure, ...]:
    r"""Return the failures that `text` states, in the order in which they are said first.

    `templates` is what is known of the other parts of a log that was cut into several texts. Never raises, whatever the
    bytes are. Informations, what healthy programs print, and prose give none.

    >>> log = b'F0725 21:48:23.607149 673 kubelet.go:1405] Failed to start OOM watcher open /dev/kmsg: no such file or directory\n'
    >>> failure, = read_failures(log)
    >>> failure.component, failure.operation, failure.error.value, failure.object, failure.level.value, failure.last
    ('kubelet', 'start OOM watcher', 'not-found', '/dev/kmsg', 'fatal', True)
    """
    told = read_text(text, hints, templates)
    return settled(told, told.recoveries)[0]


def read_text(text: bytes, hints: Hints = _NO_HINTS, templates: Templates | None = None) -> Told:
    """Return what `text` tells of failures and of work that goes well again; its parameters are those of `read_failures`."""
    templates = templates or Templates(len(text))
    extents, positions = Extents(text), Positions(text, hints)
    reach = -1
    for start, end, signs in candidate_lines(text):
        if signs & (EXIT | RECOVERY):
            positions.note(start, end, signs)
        if start <= reach or not signs & FAILURE:
            continue
        line = text[start:end]
        key = templates.key(line)
        if templates.is_quiet(key):
            positions.mention(start, end, key)
            continue
        first, reach = extents.of(start, end)
        raw = line
        if (first, reach) != (start, end):
            raw = text[first:reach]
            key = templates.key(raw)
        known = templates.known(key, raw, first)
        if known is None:
            known = templates.learn(key, raw, judged(raw, hints))
        if known.failure is None:
            positions.mention(first, reach, key)
        else:
            positions.add(known.failure, first, reach)
    templates.end(len(text))
    return positions.told()
