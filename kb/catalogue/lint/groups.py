"""A named group of a text pattern is not called like what tells where the text stands: it would take its place."""

import re
from collections.abc import Iterator

from kb.catalogue.lint import Mistake, Specimen

KEPT = ("source", "text", "match", "about")
"""The attributes of a log fact that tell of the text, rather than of what the text is about."""
_GROUP = re.compile(r"\(\?P<(\w+)>")


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield each such group of a rule once; a group called `pod` or `node` names what the message is about."""
    expressions = (pattern.sought()[0] for pattern in specimen.rule.patterns() if pattern.kind == "log")
    for name in dict.fromkeys(name for expression in expressions for name in _GROUP.findall(expression)):
        if name in KEPT:
            yield Mistake(
                specimen.value("when"),
                f"the group {name} takes the place of the attribute {name} of the text",
                "name it after what it holds",
            )
