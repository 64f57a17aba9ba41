"""A rule that matched, with the facts and the variable bindings that made it match."""

import msgspec


class Activation(msgspec.Struct, frozen=True, order=True):
    """`bindings` are (variable, value) pairs in the order of the names; `facts` are numbers in working memory.

    `facts` are all facts that play a part in any way of matching, `core` one fact per condition of the shortest way:
    what the rule needed, and no more.
    """

    rule: str
    bindings: tuple[tuple[str, str], ...]
    facts: tuple[int, ...]
    core: tuple[int, ...]
