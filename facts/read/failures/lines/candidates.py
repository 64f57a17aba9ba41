"""Finds the lines of a text that may matter: one automaton over blocks of a megabyte; all other lines cost nothing more.

Three kinds of words are looked for: of failures, of a process that ended, and of work that went well again.
"""

from collections.abc import Iterator

from ahocorasick_rs import BytesAhoCorasick, Implementation

BLOCK = 1 << 20
"""Bytes that are searched at a time, so that dense matches do not pile up in memory."""


FAILURE, EXIT, RECOVERY = 1, 2, 4
"""What a line may be: bits of its signs. Plain numbers, because this loop runs for every line that matters."""


_FAILURE = (
    '"err|"level":50|"level":60|"s":"e"|"s":"f"|'
    "error|erro[|eror|err=|err:|err |[err|fail|fata|panic|exception|traceback|refused|denied|unable to|cannot|can't|can not|could not|couldn't|"
    "not found|no such|invalid|timeout|timed out|killed|crit|emerg|alert|forbidden|unauthorized|abort|segfault|segmentation|corrupt|exceeded|"
    "unreachable|out of memory|oom|no space|read-only file|unknown|in use|expired|not yet valid|x509|too many|too large|mismatch|conflict|locked|"
    "unavailable|not ready|exited|unexpected|violat|insufficient|rejected|lost |reset by|broken pipe|deadline|does not exist|doesn't exist|"
    "already exists|already in|not permitted|not supported|unsupported|undefined|severe|no route|must be|not a valid|unhealthy|no healthy|econn|enoent|eacces|"
    "eaddr|etimed|enotfound|eai_again|could not be resolved|incompatible|unresolved|is not set|is required|missing|no endpoints|nodes are available|"
    "misconfig| fault|ftl|warning  |is down|dead|bad |wrong |dumped|"
    '" 503 |" 502 |" 504 |" 500 |" 429 |" 403 u|'
    "evicted|backoff|back-off|disconnect|overflow|exhaust|limit|not available|not running|not allowed|not trusted|self-signed|self signed|"
    "unhandled|uncaught|not responding|no leader|must specify|not defined|unterminated|misbehav|response to|wrong version|duplicate"
)  # fmt: skip
_EXIT = "main process exited|restart counter is at|exited with code|exit status|exit code|back-off restarting|exited (|process exited|npm err!|elifecycle"
_RECOVERY = (
    "became leader|elected leader|successfully acquired lease|ready to accept connections|ready for connections|ready to accept|successfully booted|"
    "server initialized|reconnected|re-established|reestablished|connection established|connected to|recovered|caches are synced|"
    "successfully registered node|attached, ready|now serving|is now ready|nodeready|startup complete|started successfully|successfully started|"
    "caches synced|resumed|back to normal|came back|is up, reason|cni plugin initialized|listening on|healthy again|server is ready|succeeded after|"
    "ready to serve client requests|serving client traffic|nfs: server |"
    "discovered group coordinator|joined group|cluster id: |newly assigned partitions|] started (kafka|kafka server started|stabilized group|"
    "elected-as-master|master node changed|cluster health status changed|succeeded at retry|peer became active|"
    'status="ready"|got initial config snapshot|written, ready|datastore connection verified|certificate issued| seconds (process running| seconds (jvm running|happy helming|rollback was a success'
)  # fmt: skip
_MONTHS = "|".join(
    f"{before}{level}{month:02}" for before in ("\n", " ", "\t") for level in "ef" for month in range(1, 13)
)
"""How an error or a fatal line of klog starts: E0612 in the middle of June."""

_SIGNS = {
    word.encode(): sign
    for sign, words in (
        (FAILURE, f"{_FAILURE}|{_MONTHS}| e | c "),
        (EXIT | FAILURE, _EXIT),
        (RECOVERY, _RECOVERY),
    )
    for word in words.split("|")
    if word
}
_WORDS = tuple(_SIGNS)
_SIGN_OF = tuple(_SIGNS.values())
_AUTOMATON = BytesAhoCorasick(_WORDS, implementation=Implementation.DFA)


def candidate_lines(text: bytes) -> Iterator[tuple[int, int, int]]:
    r"""Yield start, end and signs of each line of `text` that may matter, in their order.

    >>> list(candidate_lines(b"started\nE0612 no way\nfine\n"))
    [(8, 20, 1)]
    """
    start = 0
    while start < len(text):
        end = min(start + BLOCK, len(text))
        if end < len(text):
            end = text.find(b"\n", end) + 1 or len(text)
        yield from _of_block(text, start, end)
        start = end


def _of_block(text: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    base = start - 1  # a newline stands before each block, so that its first line starts like all others
    block = b"\n" + text[start:end].lower()
    line, stop, signs = 0, -1, 0
    for word, _, last in _AUTOMATON.find_matches_as_indexes(block):
        if last <= stop:
            signs |= _SIGN_OF[word]
            continue
        if signs:
            yield base + line, base + stop, signs
        line = block.rfind(b"\n", 0, last) + 1
        stop = block.find(b"\n", last)
        stop = len(block) if stop < 0 else stop
        signs = _SIGN_OF[word]
    if signs:
        yield base + line, base + stop, signs
