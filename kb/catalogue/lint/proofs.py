"""A signature proves itself: it has a test in which it fires, and one in which it must not."""

from collections.abc import Iterator

from engine.language.rule import Signature
from kb.catalogue.lint import Mistake, Specimen


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield what the tests of a rule leave unproven, and tests that stand twice."""
    value = specimen.value("tests")
    if not any(test.fires for test in specimen.tests):
        yield Mistake(value, "no test lets the rule fire", "add the text of the incident under fires")
    if isinstance(specimen.rule, Signature) and all(test.fires for test in specimen.tests):
        yield Mistake(value, "no test expects silence", "add a look-alike under near, or the mended state under fixed")
    seen: set[object] = set()
    for test, place in zip(specimen.tests, specimen.test_values(), strict=True):
        evidence = (test.text, str(test.given), test.unknown)
        if evidence in seen:
            yield Mistake(place, "this test stands here twice", "remove one of them")
        seen.add(evidence)
