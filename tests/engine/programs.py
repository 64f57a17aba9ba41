"""Random programs: rules over a small made-up vocabulary, and facts and coverage for them."""

import typing as t

from hypothesis import strategies as st

from engine.language.condition import Any, Condition, Not, Pattern, Test
from engine.language.rule import AnyRule, Conclusion, Derivation, Signature, SubjectTemplate
from engine.language.vocabulary import Vocabulary
from facts.model.schema import Attribute, FactKind
from facts.model.values import Coverage, CoverageState, Fact

KINDS = ("alpha", "beta", "gamma")
DERIVED = ("delta", "epsilon", "zeta")
ATTRIBUTES = ("p", "q", "r")
VALUES = ("1", "2", "x", "", "true", "1.0", "a b'\"\\")
VARIABLES = ("u", "v", "w")

VOCABULARY = Vocabulary(
    kinds={
        "alpha": FactKind("", {name: Attribute(str, "") for name in ATTRIBUTES}, coverage="see/alpha", scope="p"),
        "beta": FactKind("", {name: Attribute(str, "") for name in ATTRIBUTES}, coverage="see/beta"),
        "gamma": FactKind("", {name: Attribute(str, "") for name in ATTRIBUTES}),
        # declared, so that a rule may name one that no rule of the program derives
        **{kind: FactKind("", {name: Attribute(str, "") for name in ATTRIBUTES}) for kind in DERIVED},
    },
    layers=("deep", "high"),
    components=frozenset(),
)

values = st.sampled_from(VALUES)
attributes = st.fixed_dictionaries(dict.fromkeys(ATTRIBUTES, values))
facts = st.lists(st.builds(Fact, st.sampled_from(KINDS), attributes, st.sampled_from(("f1", "f2", "f3"))), max_size=24)
coverage = st.lists(
    st.builds(
        Coverage,
        st.sampled_from(("see/alpha", "see/beta")),
        st.sampled_from(("*", "1", "x")),
        st.sampled_from((CoverageState.COMPLETE, CoverageState.COMPLETE, CoverageState.FAILED)),
    ),
    max_size=4,
)


@st.composite
def patterns(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS + DERIVED) -> Pattern:
    """Draw a pattern with up to one test and up to two bindings."""
    tests = draw(
        st.lists(
            st.builds(Test, st.sampled_from(ATTRIBUTES), st.just("eq"), values)
            | st.builds(Test, st.sampled_from(ATTRIBUTES), st.just("not"), values)
            | st.builds(Test, st.sampled_from(ATTRIBUTES), st.just("in"), st.tuples(values, values)),
            max_size=1,
        )
    )
    names = draw(st.lists(st.sampled_from(ATTRIBUTES), unique=True, max_size=2))
    return Pattern(
        draw(st.sampled_from(kinds)), tuple(tests), tuple((name, draw(st.sampled_from(VARIABLES))) for name in names)
    )


@st.composite
def rules(draw: st.DrawFn, number: int) -> AnyRule:
    """Draw a signature or a derivation of up to four conditions, some of them alternatives or denials."""
    items: list[Condition] = [draw(patterns())]
    for _ in range(draw(st.integers(0, 2))):
        choice = draw(st.integers(0, 5))
        if choice == 0:
            items.append(Any((draw(patterns()), draw(patterns()))))
        elif choice in (1, 2):
            items.append(Not(draw(patterns())))
        else:
            items.append(draw(patterns()))
    shared: dict[str, t.Any] = {
        "id": f"R-{number}", "title": {"en": "t"}, "layer": "deep", "path": f"r{number}.yaml", "when": tuple(items)
    }  # fmt: skip
    if draw(st.booleans()):
        terms = st.sampled_from(tuple(f"?{name}" for name in VARIABLES) + VALUES[:3])
        concludes = Conclusion(draw(st.sampled_from(DERIVED)), {name: draw(terms) for name in ATTRIBUTES})
        return Derivation(**shared, concludes=concludes)
    return Signature(**shared, subject=SubjectTemplate("Thing", name="?u"))


@st.composite
def programs(draw: st.DrawFn) -> tuple[AnyRule, ...]:
    """Draw a handful of rules."""
    return tuple(draw(rules(number)) for number in range(draw(st.integers(1, 7))))
