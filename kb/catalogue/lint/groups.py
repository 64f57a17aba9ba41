"""A named group is not called like an attribute of the fact: it would take its place, or never equal it."""

import re
from collections.abc import Iterator

from kb.catalogue.catalogue import VOCABULARY
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
    for pattern in specimen.rule.patterns():
        declared = VOCABULARY.kinds.get(pattern.kind)
        if pattern.kind == "log" or declared is None:
            continue
        for test in pattern.tests:
            for name in _GROUP.findall(str(test.value)) if test.operator == "match" else ():
                whole = name == test.attribute and str(test.value).startswith(f"^(?P<{name}>")
                if name in declared.attributes and not whole:
                    yield Mistake(
                        specimen.value("when"),
                        f"the group {name} (line {pattern.line}) must equal the attribute {name} of the {pattern.kind} fact, or the rule does not fire",
                        f"name the group otherwise, or bind the attribute with {name}: ?{name}",
                    )
