"""Pages fit their width, and their commands can be copied."""

import shlex
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from kb.terminal.page import Page, broken
from kb.terminal.view import View

WORDS = st.lists(st.text("ab c'\"\\$#|;&()<>~*", min_size=1, max_size=12), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None)
@given(WORDS, st.integers(20, 60))
def test_a_broken_command_is_the_same_command(words: list[str], width: int) -> None:
    """A shell that runs the broken lines sees the words of the unbroken command."""
    command = shlex.join(["printf", "<%s>", *words])
    outputs = [
        subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True).stdout
        for text in (command, "\n".join(broken(command, width)))
    ]
    assert outputs[1] == outputs[0] == "".join(f"<{word}>" for word in words)


def test_a_command_is_broken_where_it_is_too_long() -> None:
    """Each line but the last ends in a backslash, and no line is longer than the width."""
    assert broken("helm upgrade cilium cilium/cilium -n kube-system --reuse-values", 40) == [
        "helm upgrade cilium cilium/cilium -n \\",
        "  kube-system --reuse-values",
    ]


def test_lines_of_the_author_are_kept() -> None:
    """A command of several lines, perhaps with a quote over them, is not broken again."""
    assert broken("cat <<EOF\n a long line that is longer than the width\nEOF", 20) == [
        "cat <<EOF",
        " a long line that is longer than the width",
        "EOF",
    ]


def test_a_note_stands_at_the_right_margin() -> None:
    """A note is right-aligned on the line when there is room, and below when there is none."""
    page = Page(View(width=48))
    page.entry("because", "short", "a.log:1")
    page.entry("", "a text that takes the whole of the line", "b.log:2")
    assert str(page).splitlines() == [
        "   because   short                       a.log:1",
        "             a text that takes the whole of the",
        "             line                        b.log:2",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(48, 100))
def test_text_never_leaves_the_page(text: str, width: int) -> None:
    """Whatever is written, wide characters included, every line fits."""
    page = Page(View(width=width))
    page.entry("label", text, text[:90])
    page.paragraph((text, "bold"), indent=3, hanging=2)
    assert max((cell_len(line) for line in str(page).splitlines()), default=0) <= width


def test_markup_is_text() -> None:
    """Square brackets of evidence are shown, not read."""
    page = Page(View(width=60, colour=True))
    page.line(("[red]x[/red] :smile:", ""))
    assert str(page) == "[red]x[/red] :smile:\n"


def test_colour_is_only_there_when_asked_for() -> None:
    """Without colour there is not one escape sequence."""
    pages = [Page(View(colour=colour)) for colour in (False, True)]
    for page in pages:
        page.line(("bold", "bold red"))
    assert str(pages[0]) == "bold\n"
    assert str(pages[1]) == "\x1b[1;31mbold\x1b[0m\n"


def test_a_text_beyond_the_limit_says_so() -> None:
    """A cut text ends in an ellipsis."""
    page = Page(View(width=48))
    page.entry("", "word " * 50, limit=2)
    lines = str(page).splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(" …")
