"""What an injected fault does, in words."""

import pytest

from facts.cluster.injections.injection import in_words


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"loss": {"percent": 30, "correlation": "0"}}, "percent 30, correlation 0"),
        ({"ports": [80, 443]}, "ports 80, ports 443"),
        ({"abort": True}, "abort true"),
        ("5s", "5s"),
    ],
)
def test_each_value_is_told_with_its_nearest_name(parameters: object, words: str) -> None:
    """However deep it stands."""
    assert in_words(parameters) == words


@pytest.mark.parametrize("parameters", [{}, [], None, "", {"a": {}, "b": "", "c": None}])
def test_what_is_not_set_is_not_told(parameters: object) -> None:
    """Empty values say nothing."""
    assert in_words(parameters) == ""
