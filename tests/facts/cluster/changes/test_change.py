"""Which objects matter for what is in trouble."""

from itertools import pairwise

from facts.cluster.changes.change import DEPTH, Dependent, concern
from facts.model.values import Subject

WEB = Subject("Deployment", "web", "shop")
SETTINGS = Subject("ConfigMap", "settings", "shop")
OTHER = Subject("ConfigMap", "other", "shop")
NODE = Subject("Node", "w1")


def test_what_is_needed_concerns_who_needs_it() -> None:
    """Itself included; what nobody needs concerns nobody."""
    trouble = Dependent(WEB, 60.0)
    found = concern([trouble], {WEB: {SETTINGS}})
    assert found.of(WEB) == found.of(SETTINGS) == (trouble,)
    assert found.of(OTHER) == ()


def test_a_way_that_is_too_long_concerns_nobody() -> None:
    """A chain is followed for a few dependencies only."""
    chain = [Subject("Service", f"s{number}", "shop") for number in range(DEPTH + 3)]
    found = concern([Dependent(chain[0])], {one: {other} for one, other in pairwise(chain)})
    assert [bool(found.of(each)) for each in chain] == [True] * (DEPTH + 1) + [False] * 2


def test_a_circle_ends() -> None:
    """Two that need each other concern each other once."""
    trouble = Dependent(WEB)
    found = concern([trouble], {WEB: {SETTINGS}, SETTINGS: {WEB}})
    assert found.of(SETTINGS) == found.of(WEB) == (trouble,)


def test_a_namespace_concerns_what_needs_something_there() -> None:
    """Each once; no namespace stands for all."""
    far, trouble = Subject("Deployment", "far", "bank"), Dependent(WEB)
    found = concern([trouble, Dependent(far)], {WEB: {SETTINGS, NODE}})
    assert found.in_namespace("shop") == (trouble,)
    assert set(found.in_namespace("")) == {trouble, Dependent(far)}


def test_subjects_are_found_by_kind() -> None:
    """Those that somebody in trouble needs."""
    assert concern([Dependent(WEB)], {WEB: {SETTINGS, NODE}}).names("ConfigMap") == {SETTINGS}
