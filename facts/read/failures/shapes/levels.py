"""Which level a program's word for it is."""

from facts.model.failure import Level

_WORDS = {
    Level.FATAL: "fatal fata ftl panic pani dpanic emerg emergency f",
    Level.ERROR: "error erro eror err e critical crit severe alert failure failed fail eroro crt alrt 50 60",
    Level.WARNING: "warning warn wrn warni w 40",
    Level.INFO: "info inf information notice note note: system debug dbg debu trace trc trac verbose config fine finer finest "
    "log statement detail i n d t v 30 20 10 ok default silly http audit status success",
}
_LEVELS = {word: level for level, words in _WORDS.items() for word in words.split()}

LEVEL = (
    r"(?:FATAL|FATA|FTL|PANIC|DPANIC|EMERG|EMERGENCY|ERROR|ERRO|ERR|CRITICAL|CRIT|SEVERE|ALERT|WARNING|WARN|WRN|INFO|INF|NOTICE|"
    r"DEBUG|DBG|TRACE|TRC|VERBOSE|CONFIG|FINE|LOG)"
)
"""Pattern of a level in capital letters."""


def level_of(word: str) -> Level | None:
    """Return the level that `word` names, in whatever case; None when it names none.

    >>> level_of("EMERG").value, level_of("Warn").value, level_of("ERROR+4").value, level_of("x")
    ('fatal', 'warning', 'error', None)
    """
    return _LEVELS.get(word.strip(" []").lower().partition("+")[0].partition("[")[0].rstrip(":"))
