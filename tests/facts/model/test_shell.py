"""Commands are read as a real shell reads them."""

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.model.shell import is_plain_word, plain_command, programs_of, tokens


def _words(command: str) -> list[str]:
    return [token.value for token in tokens(command) if token.kind == "word"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_quoted_words_are_read_whole(words: list[str]) -> None:
    """Whatever stands in quotes comes out as it went in."""
    assert _words(shlex.join(words)) == words


@settings(max_examples=150)
@given(st.text("ab \t'\"\\\\#2", max_size=14))
def test_words_are_those_of_a_real_shell(text: str) -> None:
    """Quotes of both kinds, backslashes, blanks and comments; where a quote stays open, the shell complains too."""
    done = subprocess.run(["sh", "-c", f"printf '<%s>' {text}"], capture_output=True, text=True, check=False)
    try:
        words = _words(text)
    except ValueError:
        assert done.returncode != 0
    else:
        assert done.stdout == "".join(f"<{word}>" for word in words or [""])


@given(st.text(st.sampled_from(" ab'\"\\$`(){}|;&<>#\n2!*"), max_size=30))
def test_tokens_stand_where_they_say(command: str) -> None:
    """They follow each other, and nothing but blanks and continued lines is between them."""
    try:
        found = tokens(command)
    except ValueError:
        return
    end = 0
    for token in found:
        assert command[end : token.start].replace("\\\n", "").strip(" \t") == ""
        assert token.start < token.end
        end = token.end


@pytest.mark.parametrize(
    ("command", "values"),
    [
        ("a 2>&1 | b", ["a", "2>&", "1", "|", "b"]),
        ("a2>b", ["a2", ">", "b"]),
        ("a && (b; c) # d", ["a", "&&", "(", "b", ";", "c", ")", "# d"]),
        ('x "$(y "a b" | z)" w', ["x", '$(y "a b" | z)', "w"]),
        ("x `y z` ${A:-b c}", ["x", "`y z`", "${A:-b c}"]),
        ("a\\\nb", ["ab"]),
    ],
)
def test_operators_and_nested_commands(command: str, values: list[str]) -> None:
    """A nested command is a part of its word."""
    assert [token.value for token in tokens(command)] == values


def test_what_the_shell_expands_is_known() -> None:
    """In single quotes nothing is."""
    assert [token.expands for token in tokens("""a '$b' "$b" $(c) "\\$d" $""")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("command", ["a 'b", 'a "b', "a `b", "a $(b", 'a "$(b"', "$(" * 5000])
def test_what_does_not_end_is_refused(command: str) -> None:
    """However deep it is."""
    with pytest.raises(ValueError, match=r"does not end|too deep"):
        tokens(command)


def test_programs_are_named_outside_of_quotes_only() -> None:
    """What a program is given, and what is printed, runs nothing."""
    command = "A=1 kubectl get pods | grep kubectl && sudo kubectl x; ssh w 'kubectl y'; if kubectl z; then kubectl; fi"
    places = [token.start for token in programs_of(command) if token.value == "kubectl"]
    assert [command[place + 7 : place + 9] for place in places] == [" g", " x", " z", "; "]


@pytest.mark.parametrize(
    "value", ["a b", "", "-x", "~a", "../a", "a/../b", "a:..", "$a", "a" * 2000, "a\0", "*", "a\n"]
)
def test_a_command_of_values_that_are_no_plain_words_is_none(value: str) -> None:
    """It is left out rather than changed."""
    assert not is_plain_word(value)
    assert plain_command("kubectl delete pod {} -n {}", "web", value) == ""
