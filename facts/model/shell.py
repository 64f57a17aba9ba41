"""How a POSIX shell reads a command: its words, where they are quoted, and which words it takes as they are.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, sections 2.2 (quoting) and 2.3 (tokens).
"""

import re

import msgspec

PLAIN_WORD = r"[A-Za-z0-9_/.:][A-Za-z0-9_/.:+=,-]*"
"""A word without a character that any POSIX shell treats specially, and without a first one that opens an option or a home folder."""

_PLAIN_WORD = re.compile(
    r"(?=.*[A-Za-z0-9])" + PLAIN_WORD + r"(?:@sha256:[0-9a-f]+)?"  # names, paths, addresses, images, quantities
    r"|[A-Za-z0-9_.:][A-Za-z0-9_.:-]*@[A-Za-z0-9_.:-]*\.(?:service|socket|timer|mount)"  # instances of systemd units
)
_UPWARDS = re.compile(r"(?:^|[/=:,])\.\.(?:[/=:,]|$)")
_LONGEST = 1024
"""Characters; no name, path or address of a command is longer."""
_PLACE = re.compile(r"\{\}")
_OPERATOR = re.compile(r"&&|\|\||;;|[|&;()\n]|[0-9]*(?:<<-?|<>|<&|>>|>&|>\||[<>])")
_PLAIN = re.compile(r"[^ \t\n|&;<>()'\"\\$`]+")
_QUOTED = re.compile(r'[^"\\$`]+')
_PARAMETER = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]|\{[^}]*\})")
_BACKQUOTED = re.compile(r"`(?:[^`\\]|\\.)*`", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_SEPARATORS = frozenset(("&&", "||", ";", ";;", "|", "&", "(", "\n"))
_RUNNERS = frozenset(("sudo", "xargs", "nohup", "exec", "time", "env"))
_RESERVED = frozenset(("!", "{", "if", "then", "elif", "else", "do", "while", "until"))
_NESTED = 20
"""Commands in commands in commands: deeper ones are not read."""


class Token(msgspec.Struct, frozen=True):
    """A word, an operator (a newline is one) or a comment: `command[start:end]`.

    `value` is a word without its quotes, as a program receives it; what a shell would expand in it (`$name`,
    `$(command)`) stays as it is written, and `expands` says that there is such a part.
    """

    kind: str
    start: int
    end: int
    value: str
    expands: bool = False


def tokens(command: str) -> list[Token]:
    r"""Return the tokens of `command` in their order; raises ValueError if a quote or a nested command does not end.

    >>> [token.value for token in tokens("ssh w1 'df -h | head' \"a\\\"b\"|sort # why")]
    ['ssh', 'w1', 'df -h | head', 'a"b', '|', 'sort', '# why']
    """
    return _Reader(command).tokens()


def programs_of(command: str) -> list[Token]:
    """Return the words of `command` that name what is run, by sudo, by xargs and in `$(command)` too, in their order.

    >>> [token.value for token in programs_of("A=1 sudo -n kubectl get pods $(cat x) | xargs -r kubectl delete pod")]
    ['sudo', 'kubectl', 'cat', 'xargs', 'kubectl']
    """
    reader = _Reader(command)
    commands = [reader.tokens(), *reader.commands]
    return sorted((token for each in commands for token in _programs(each)), key=lambda token: token.start)


def _programs(command: list[Token]) -> list[Token]:
    programs = []
    awaited = True
    for token in command:
        if token.kind == "word":
            if awaited and not token.value.startswith("-") and not _ASSIGNMENT.match(token.value):
                awaited = token.value in _RUNNERS or token.value in _RESERVED
                programs += [] if token.value in _RESERVED else [token]
        elif token.kind == "operator":
            awaited = token.value in _SEPARATORS
    return programs


def is_plain_word(value: str) -> bool:
    """Return whether a shell reads `value` as one word that means itself, however often it is read, and that is no option.

    It leads to no folder above, either, and is more than dots and slashes.

    >>> is_plain_word("kube-system"), is_plain_word("--all"), is_plain_word("a b"), is_plain_word("../x"), is_plain_word("/")
    (True, False, False, False, False)
    """
    return len(value) <= _LONGEST and _PLAIN_WORD.fullmatch(value) is not None and _UPWARDS.search(value) is None


def plain_command(template: str, *values: str) -> str:
    """Return `template` with a value for each `{}`, "" if one of them is no plain word.

    >>> plain_command("kubectl uncordon {}", "w1"), plain_command("kubectl uncordon {}", "--all")
    ('kubectl uncordon w1', '')
    """
    if not all(map(is_plain_word, values)):
        return ""
    remaining = iter(values)
    return _PLACE.sub(lambda _: next(remaining), template)


class _Reader:
    """Reads `command` from `at` on; `commands` are those in `$(...)`, read on the way."""

    def __init__(self, command: str, at: int = 0, nested: int = 0) -> None:
        self.command = command
        self.at = at
        self.nested = nested
        self.found: list[Token] = []
        self.word: list[str] | None = None
        self.start = 0
        self.expands = False
        self.commands: list[list[Token]] = []

    def tokens(self) -> list[Token]:
        """Read to the end; a nested command ends at its parenthesis."""
        opened = 0
        while self.at < len(self.command):
            character = self.command[self.at]
            in_word = character.isdigit() and self.word is not None  # else it is the number of a file descriptor
            operator = None if in_word else _OPERATOR.match(self.command, self.at)
            if character in " \t":
                self._end_word()
                self.at += 1
            elif operator:
                self._end_word()
                opened += {"(": 1, ")": -1}.get(operator[0], 0)
                if opened < 0 and self.nested:
                    return self.found
                self.found.append(Token("operator", self.at, operator.end(), operator[0]))
                self.at = operator.end()
            elif character == "#" and self.word is None:
                self._comment()
            else:
                self._part(character)
        self._end_word()
        if self.nested:
            raise ValueError("a command in a command does not end")
        return self.found

    def _end_word(self) -> None:
        if self.word is not None:
            self.found.append(Token("word", self.start, self.at, "".join(self.word), self.expands))
        self.word, self.expands = None, False

    def _comment(self) -> None:
        line = self.command.find("\n", self.at)
        end = line if line >= 0 else len(self.command)
        self.found.append(Token("comment", self.at, end, self.command[self.at : end]))
        self.at = end

    def _part(self, character: str) -> None:
        """Read a part of a word: a quotation, an escaped character, an expansion, or plain characters."""
        if character == "\\" and self.command[self.at + 1 : self.at + 2] == "\n":
            self.at += 2  # the line goes on
            return
        if self.word is None:
            self.word, self.start = [], self.at
        if character == "'":
            end = self.command.find("'", self.at + 1)
            if end < 0:
                raise ValueError("a quote does not end")
            self.word.append(self.command[self.at + 1 : end])
            self.at = end + 1
        elif character == '"':
            self.word.append(self._double())
        elif character == "\\":
            self.word.append(self.command[self.at + 1 : self.at + 2] or "\\")
            self.at += 2
        elif character in "$`":
            self.word.append(self._expansion())
        else:
            plain = _PLAIN.match(self.command, self.at)
            if plain is None:
                raise ValueError(f"{character!r} is not read")
            self.word.append(plain[0])
            self.at = plain.end()

    def _double(self) -> str:
        text = ""
        self.at += 1
        while self.at < len(self.command):
            character = self.command[self.at]
            if character == '"':
                self.at += 1
                return text
            if character == "\\":
                following = self.command[self.at + 1 : self.at + 2]
                text += {"\n": ""}.get(following, following) if following in '$`"\\\n' else f"\\{following}"
                self.at += 2
            elif character in "$`":
                text += self._expansion()
            elif plain := _QUOTED.match(self.command, self.at):
                text += plain[0]
                self.at = plain.end()
        raise ValueError("a quote does not end")

    def _expansion(self) -> str:
        """Read what a shell expands, and return it as it is written."""
        start = self.at
        if self.command.startswith("$(", start):
            if self.nested == _NESTED:
                raise ValueError("commands are nested too deep")
            inner = _Reader(self.command, start + 2, self.nested + 1)
            self.commands += [inner.tokens(), *inner.commands]
            self.at = inner.at + 1
        else:
            found = (_BACKQUOTED if self.command[start] == "`" else _PARAMETER).match(self.command, start)
            if found is None and self.command[start] == "`":
                raise ValueError("a command in backquotes does not end")
            if found is None:
                self.at += 1
                return "$"
            self.at = found.end()
        self.expands = True
        return self.command[start : self.at]
