"""A signature proves itself: it has a test in which it fires, and one in which it must not."""

from collections.abc import Iterator

from engine.language.rule import Signature
from kb.catalogue.lint import Mistake, Specimen


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield what the tests of a rule leave unproven."""
    value = specimen.value("tests")
    if all(test.expect is None for test in specimen.tests):
        yield Mistake(
            value, "no test expects anything of this rule", "add the text of the incident, and what must come of it"
        )
    if isinstance(specimen.rule, Signature) and all(test.expect is not None for test in specimen.tests):
        yield Mistake(value, "no test expects silence", "add the fixed state, or a look-alike, with expect: none")
    names = [test.name for test in specimen.tests]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Mistake(
                specimen.value("tests", place), f"a test called {name} is there already", "say what tells them apart"
            )
