"""Takes out of a text what is no evidence, and leaves the numbers of its lines as they are."""

from facts.read.prose.blocks import find_blocks
from facts.read.prose.documents import document_kind, sentences_of


def without_prose(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    r"""Return `text` with blank lines in place of what is no evidence, and the kinds of what was taken out, sorted.

    >>> without_prose(b"=== RUN TestDial\n    no such host\n--- PASS: TestDial (0.01s)\n$ kubectl get pods\n")
    (b'\n\n\n$ kubectl get pods\n', ('unit tests',))
    """
    if kind := document_kind(text):
        return b"\n" * text.count(b"\n"), (kind,)
    if sentences := set(sentences_of(text)):
        lines = text.splitlines(keepends=True)
        return b"".join(b"\n" if n in sentences else line for n, line in enumerate(lines)), ("documentation",)
    kept, kinds, position = list[bytes](), set[str](), 0
    for start, end, kind in find_blocks(text):
        kept += [text[position:start], b"\n" * text.count(b"\n", start, end)]
        kinds.add(kind)
        position = end
    return (b"".join((*kept, text[position:])), tuple(sorted(kinds))) if kinds else (text, ())
