"""Evidence does not steer the terminal."""

from hypothesis import given
from hypothesis import strategies as st

from kb.terminal.visible import visible


@given(st.text(st.characters()))
def test_whatever_the_text_the_result_prints(text: str) -> None:
    """The result holds printable characters only, lone surrogates and control characters included in the input."""
    assert visible(text).isprintable()


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_printable_text_stays_as_it_is(text: str) -> None:
    """Nothing is changed that could be printed anyway, Korean and emoji included."""
    assert visible(text) == text


def test_escape_sequences_are_spelled_out() -> None:
    """An ANSI sequence is seen as text, a bidirectional override too, and a line feed becomes a blank."""
    assert visible("a\x1b[31mred\u202eb\nc\x9bd") == "a\\x1b[31mred\\u202eb c\\x9bd"
