"""Tells who speaks by what is said: the program's name, the source file, the logger, the shape, the message itself."""

import re
from functools import lru_cache

from facts.cluster.component import component_of as component_named
from facts.read.failures.reasons.patterns import Patterns
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.speakers import FILES, MESSAGES, PROGRAMS, SOURCES

_FILE_OWNERS = {name: owner for owner, names in FILES.items() for name in names.split()}

_SOURCE_PATTERNS = Patterns([f"(?m){pattern}" for _, pattern in SOURCES])

_MESSAGE_PATTERNS = Patterns([pattern for _, pattern in MESSAGES])
_ACCOUNT = re.compile(r'User "system:(?:serviceaccount:[\w.-]{1,63}:)?([\w.-]{1,253})"')
_GO_FILE = re.compile(r"(?:^|[\s/])([\w-]+\.go)\b")


def component_of(statement: Statement, program: str, chain: str, known: str = "") -> str:
    """Return who speaks.

    `program` is what a carrier named (the journal), `known` what is known from elsewhere (the container). The program
    outranks the shape, the shape the source file, that the logger, that what is known; the message decides last.
    """
    carriers = (statement.component, program) if program.startswith("systemd") else (program, statement.component)
    for name in carriers:
        if name and (component := _of_program(name)):
            return component
    by_file = _of_file(statement.source)
    if by_file and not known:
        return by_file
    if known:
        return known
    source = _first(_SOURCE_PATTERNS, SOURCES, statement.source) if statement.source else ""
    return source or _first(_MESSAGE_PATTERNS, MESSAGES, chain[:2_000]) or _of_account(chain[:2_000])


@lru_cache(maxsize=4096)
def _of_program(name: str) -> str:
    plain = name.lower().removesuffix(".service")
    return PROGRAMS.get(plain) or component_named("sshd" if plain.startswith("sshd") else plain) or plain


def _of_file(source: str) -> str:
    for match in _GO_FILE.finditer(source):
        if match.group(1) in _FILE_OWNERS:
            return _FILE_OWNERS[match.group(1)]
    return ""


def _of_account(chain: str) -> str:
    """Return the component as whom the speaker authenticated: what is forbidden to it, it says itself."""
    account = _ACCOUNT.search(chain)
    return component_named(account.group(1)) if account else ""


def _first(patterns: Patterns, rows: tuple[tuple[str, str], ...], text: str) -> str:
    return next((rows[row][0] for row in patterns.rows(text)), "")
