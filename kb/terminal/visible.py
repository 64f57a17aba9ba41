"""Evidence may be hostile: nothing of it reaches a terminal but characters that print."""


def visible(text: str) -> str:
    r"""Return `text` as one line in which all that would steer a terminal, or hide, is spelled out.

    Blanks of any kind become a blank; control characters, escape sequences, bidirectional overrides, zero-width
    characters and lone surrogates become escapes.

    >>> visible("web\x1b[2J\tok")
    'web\\x1b[2J ok'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " if one.isspace() else _spelled(one) for one in text)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode()
