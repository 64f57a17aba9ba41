"""Words that look like secrets, made up anew from a seed, and makers of texts around them."""

import base64
import string
from collections.abc import Callable, Sequence
from random import Random

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
SMALL = string.ascii_lowercase + string.digits

Made = tuple[str, tuple[str, ...]]
"""A text, and the pieces of it that are secret."""
Maker = Callable[[Random], Made]


def word(random: Random, length: int = 16, alphabet: str = LETTERS) -> str:
    """Return a word of `length` characters that ends in a digit."""
    return "".join(random.choices(alphabet, k=length - 1)) + random.choice(string.digits)


def encoded(text: str) -> str:
    """Return the base64 of `text`."""
    return base64.b64encode(text.encode()).decode()


def shaped(make_word: Callable[[Random], str], *templates: str) -> Maker:
    """Return a maker of one of `templates`, with what `make_word` gives for its first @."""

    def make(random: Random) -> Made:
        secret = make_word(random)
        return random.choice(templates).replace("@", secret, 1), (secret,)

    return make


def plain(template: str, length: int = 16, alphabet: str = LETTERS) -> Maker:
    """Return a maker of `template` with a word of an alphabet."""
    return shaped(lambda random: word(random, length, alphabet), template)


def either(*templates: str) -> Maker:
    """Return a maker of one of `templates` with a word of letters and digits."""
    return shaped(word, *templates)


def filled(make_word: Callable[[Random], str], texts: Sequence[str]) -> Maker:
    """Return a maker of one of `texts` whose §, ¤ and ¶ are different words."""

    def make(random: Random) -> Made:
        text = random.choice(texts)
        secrets = {mark: make_word(random) for mark in "§¤¶" if mark in text}
        for mark, secret in secrets.items():
            text = text.replace(mark, secret)
        return text, tuple(secrets.values())

    return make


def prefixed(*shapes: tuple[str, int, str]) -> Callable[[Random], str]:
    """Return a maker of a token of a vendor: a prefix, so many characters, their alphabet."""

    def make(random: Random) -> str:
        prefix, length, alphabet = random.choice(shapes)
        return prefix + word(random, length, alphabet)

    return make
