"""Whole texts that are no evidence: documentation, web pages, dashboards and source code, told by their lines."""

import re
from functools import lru_cache

_HEAD = 65536
_STRUCTURE = re.compile(
    rb"(?m)^(?:#{1,6} +\S|={2,5} +(?!(?:START|END) logs )[A-Z]|```|~~~|\|[ :|-]*-{3}[ :|-]*$|.*(?<!\*)\*\*[A-Za-z`\"][^*\n]{0,300}\*\*(?!\*)|.*\[[^\[\]\n]+\]\((?:https?:|\.|/|#)|[=~^]{4,}$|\.\. \w+::)"
)
_HEADING = re.compile(rb"#{1,6} +[A-Z0-9\x80-\xff]|={2,5} +(?!(?:START|END) logs )[A-Z]|[=~^-]{4,}$")
_RECORD = re.compile(
    rb"[ \t]*(?:(?:\[|time=\")?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\{\"|\[ *\d+\.\d+\]|"
    rb"\d\d:\d\d:\d\d[.,]\d|<\d+>|level=|(?:ERROR|WARN|WARNING|FATAL|INFO|DEBUG)[ :\]]|\[(?:ERROR|WARN|error|warn|emerg|crit|FATAL|init|preflight|[a-z]+-[a-z]+)\]|"
    rb"[$%>\xe2][^|\n]{0,60}\b(?:kubectl|kubeadm|systemctl|journalctl|docker|crictl|helm|tart|ssh|ping|curl) |NAME +[A-Z]|NAMESPACE +NAME|LAST SEEN|Name: +\S|"
    rb"(?:Normal|Warning) +[A-Z]\w+ +\d|Traceback \(most|Error from server|error: |Error: |panic: |Exception in |\tat [\w.$]+\(|Caused by: )"
)
_REPORT = re.compile(
    rb"(?i)\b(?:what happened|what (?:did )?you expect|steps to reproduce|how to reproduce|reproduction steps|expected (?:behaviou?r|result)|actual (?:behaviou?r|result)|"
    rb"describe the (?:bug|issue)|bug report|environment:|additional context|relevant log output|any help)\b"
)
_FIRST_PERSON = re.compile(
    rb"(?:\bI(?:'m|'ve| am| have| get| got| see| tried| run| ran| use| can)?\b(?!/)|\b[Mm]y (?:cluster|pod|node|app|setup)\b)"
)
_TITLE = re.compile(rb"(?m)^#{1,6} .*$")
"""A heading of Markdown; "My Pod stays pending" is what a reader of a guide would say."""
_DATED = re.compile(
    rb"[^\n|]{0,40}?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\[ *\d+\.\d{6}\])"
)
_RECORDED = 3
"""Lines with a date of which a text that holds them is a report, and not a guide with an example."""
_GUIDE = re.compile(
    rb"(?i)\b(?:you|your|how to|troubleshoot\w*|faq|guide|runbook|playbook|tutorial|catalogue|usage|installation|getting started|instead of)\b|"
    + "가이드|방법|확인|해결|원인".encode()
)
_MARK = re.compile(rb"[ \t]*(?:[-*+>] |\d+[.)] |\[[ x]\] |\|)*[ \t]*")
_WORD = re.compile(rb"[\"'(`*_\[]*(?:[A-Za-z][a-z'\x80-\xff-]*|[\xc2-\xf4][\x80-\xff]+\S*)[\"')`*_\],.;:?!]*$")
_WORDS, _PLAIN = 5, 0.6
"""A sentence has this many words at least, and this part of them are plain ones."""
_SENTENCES, _PROSE = 3, 0.5
"""Documentation has this many sentences at least, and this part of its lines, blocks of code aside, are sentences."""
_CODE = re.compile(
    rb"(?m)^[ \t]*(?:func (?:\(\w+ \*?[\w.]+\) )?\w+[(\[]|package [\w.]+;?$|import \($|type \w+ (?:struct|interface) \{|(?:async )?def \w+\(.*|class \w+.*[:{]$|"
    rb"from [\w.]+ import \w|import [\w.]+(?: as \w+)?;?$|if __name__ ==|@\w[\w.]*(?:\(.*\))?$|(?:public|private|protected|static) [\w<>\[\], ]+[({;=]|"
    rb"(?:const|let|var) \w+(?:: \S+)? = |(?:export )?(?:default )?(?:async )?function \w*\(|export (?:default|const|class) |(?:pub )?(?:fn|struct|enum|impl|mod|use) [\w:<>]+.*[{;]$|"
    rb"#include [<\"]|return(?: \S.*)?;?$|(?:if|for|while|switch|match) .*[{:]$|\} else|case .*:$|(?:try|else|finally)[ :{]|except\b.*:$|raise \w)"
)
_DEFINES = re.compile(
    rb"(?m)^[ \t]*(?:func |package |(?:async )?def |class |from [\w.]+ import |import |#include |(?:pub )?fn |(?:export )?(?:async )?function |(?:public|private) |const )"
)
_CODE_LINES, _CODE_PART = 5, 0.15
_SCRIPT = re.compile(rb"#!\s*/\S")
_FILE = re.compile(
    rb"\s*(?:(?:/\*(?s:.){0,4000}?\*/|(?://|#[ \t]|--[ \t]|;;).*\n)\s*)*"  # a licence, or whose file it is
    rb"(?:package \w+;?[ \t]*\n|#include [<\"]|<\?php|(?:from [\w.]+ )?import [\w.{}*, ]+(?: from .*)?;?[ \t]*\n|use \w+(?:::\w+)+;)"
)
"""How a file of source code begins."""
_DIRECTIVE = re.compile(rb"(?m)^\.\. (?:[\w-]+::|_[\w .-]+:)")
_WRAPPED = re.compile(rb"(?m)^(?=[^\n]{45,90}$)[^\n]*\b[a-z]{2,}[,;]?$\n[ \t*-]*(?=[a-z][a-z'-]*[,;.]? [a-z(\"`])")
"""The end of a line in the middle of a sentence that goes on in the next one."""
_WRAPPED_LINES, _WRAPPED_PART = 4, 0.1
"""Running text has so many of them, and they are this part of its lines at least."""
_ITEM = re.compile(rb"(?m)^[ \t]*(?:[-*+]|\*\)|\d+\.) +(?:\w+: )?[A-Z`'][\w`'.-]* [\w`'./-]+ [a-z]")
_ITEMS, _ITEMS_PART = 10, 0.25
"""A list of changes has so many items that are sentences, and they are this part of its lines at least."""
_TOLD_PART = 0.02
"""Of a long text so many lines may look as if they told of an incident."""
_DIRECTIVES = 3
"""A text with so many directives is a page written in reStructuredText."""
_CLOSED = re.compile(
    rb"(?i)(?:\A|\n)#{1,3} *(?:post-?mortem|incident (?:report|review)|retrospective)\b(?s:.){0,600}?\b(?:status|state)\W{1,8}(?:resolved|closed|fixed|done)\b"
)
"""The report of an incident that is over."""
_SOLVED = re.compile(
    rb"(?i)\b(?:closed as (?:completed|resolved|fixed|solved)|(?:closing|I close) (?:this|the|it|as|then)\b|(?:thanks?|thx)\W+closing|(?:it|that|this|all|everything) (?:works|is fine|is ok|runs) (?:now|again)|works (?:now|again)\b|works!|"
    rb"(?:that|this|it) (?:fixed|solved|was) it\b|(?:is|got|has been) (?:now )?(?:solved|resolved|fixed)(?:$|[.!,;]| now)|all (?:\d+ )?(?:pods? |replicas? )?(?:are )?(?:running|ready|green|up)(?: \d+/\d+)? (?:now|again)|"
    rb"all (?:pods? )?(?:are )?green|back to normal|can confirm|confirmed[,:.] |(?<!not )(?:re)?solved[,.!]? +(?:thanks?|thx)\b)"
    rb"|(?:\xe2\x9c\x85|:white_check_mark:) *(?:re)?solved\b"
)
"""What is said when the trouble is over."""
_FAILING = re.compile(
    rb"(?i)CrashLoop|BackOff|ErrImage|NotReady|\b(?:error|fatal|panic)\b[:\]]|still (?:fails|failing|broken|not)|again broken"
)
_SPOKEN = re.compile(
    rb"(?m)^(?:\[?(?:[A-Z]\w+,? )?(?:\d{4}-\d\d-\d\d )?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?\]?,?[ \t]+<?@?[\w.-]{1,30}>?:|<?@?[a-z][\w.-]{1,20}>?:|@?[\w.-]{1,30}(?:  |\t| \[)\d{1,2}:\d\d)[ \t]"
)
"""A line of a chat: who, and mostly when."""
_CLOSED_THREAD = re.compile(
    rb"(?im)^\W{0,4}(?:status|state)?\W{0,4}closed(?: as (?:completed|resolved|fixed|solved))?\W{0,4}$"
)
_SPEAKERS, _SPOKEN_PART, _END_PART = 2, 0.4, 0.5
"""A conversation has so many speakers at least, and this part of its lines names one; it is over when its end says so."""
_GUIDE_TITLE = re.compile(
    rb"(?im)\A\s*(?:#{1,3} +.*\b(?:runbook|playbook|troubleshooting guide|cheat ?sheet|(?:known|common|frequent) (?:issues|errors|problems))\b|"
    rb"(?:(?:on-?call|operations?|incident) )?(?:runbook|playbook|troubleshooting guide)\b[^\n]*\n)"
)
_ADVICE = re.compile(
    rb"(?i)\b(?:if|when|whenever) (?:the|your|a|an|you|it|this|that|there|pods?|nodes?)\b[^.\n]{3,200}, ?(?:then |please |first )*(?:check|see|run|look|verify|make sure|ensure|set|use|try)\b"
)
_RAISED = re.compile(rb"(?m)^(?:[\w$]+\.)*[A-Z]\w*(?:Exception|Error): ")
"""An error that a program raised, which may tell what to do about it."""
_TEMPLATE = re.compile(
    rb"\{\{-? *(?:\.(?:Values|Release|Chart|Capabilities)\b|include |template |define |required |toYaml |range |end\b)"
)
_TEMPLATES = 2
"""A text with so many holes that Helm fills is a template."""
_PAGE = re.compile(rb"(?i)\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<html\b)")
_PARAGRAPH = re.compile(rb"(?i)<(?:p|li|td|div|h[2-6]|section|article|pre|code)\b")
_PARAGRAPHS = 12
"""A page of a server that says 502 has fewer than this."""
_DASHBOARD = re.compile(rb'\s*\{[^\x00]*?"(?:panels|openapi|swagger|\$schema)"\s*:')


def document_kind(text: bytes) -> str:
    """Return what kind of document `text` is ("documentation", "source code", ...), "" when it is none.

    A report of an incident is none, whatever its markup: it tells of itself, or shows records (lines of a log, prompts,
    tables). See `sentences_of` for what to leave out of one.
    """
    head = text[:_HEAD]
    if _PAGE.match(head):
        return "web page" if len(_PARAGRAPH.findall(head)) >= _PARAGRAPHS else ""
    if head.lstrip()[:1] == b"{":
        return "dashboard or schema" if _DASHBOARD.match(head) and b'"kind"' not in head[:400] else ""
    if _CLOSED.search(head[:4_000]):
        return "report of an incident that is over"
    if b"{{" in head and len(_TEMPLATE.findall(head)) >= _TEMPLATES:
        return "template of a chart"
    if b".. " in head and len(_DIRECTIVE.findall(head)) >= _DIRECTIVES:
        return "documentation"
    if _is_solved(head):
        return "conversation about trouble that is over"
    if not _GUIDE_TITLE.match(head) and is_mostly_records(head):
        return "source code" if _is_program(head) else ""
    if _is_running_text(head) or _is_advice(head):
        return "documentation"
    lines = head.splitlines()
    if _GUIDE_TITLE.match(head) and not _reports(head) and sum(map(_is_dated, lines)) < _RECORDED:
        return "documentation"
    if is_documentation(head):
        guide = len(_GUIDE.findall(head)) >= _SENTENCES and sum(map(_is_dated, lines)) < _RECORDED
        return "documentation" if guide or not any(map(_RECORD.match, lines)) else ""
    return "source code" if _is_code(head) else ""


def sentences_of(text: bytes) -> list[int]:
    """Return the numbers, from 0, of the lines of a report with markup that are sentences around what it shows."""
    head = text[:_HEAD]
    if is_mostly_records(head) or not is_documentation(head):
        return []
    fenced, found = False, list[int]()
    for number, line in enumerate(text.splitlines()):
        if line.lstrip().startswith((b"```", b"~~~")):
            fenced = not fenced
        elif not fenced and not line.startswith((b"    ", b"\t")) and is_sentence(line):
            found.append(number)
    return found


@lru_cache(maxsize=1)
def is_mostly_records(text: bytes) -> bool:
    r"""Return whether `text` has so many records that it is neither documentation nor running text; quick.

    Records are no sentences. So is documentation excluded where they outnumber all that could count for it: the other
    lines, each as a sentence and as structure, and every emphasis and link in a record.

    >>> is_mostly_records(b"2026-11-27 10:00:00 started\n" * 9 + b"and waiting\n")
    True
    """
    if b"```" in text or b"~~~" in text:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    records = sum(line[:1] not in b" \t" and _RECORD.match(line) is not None for line in lines)
    others, marks = len(lines) - records, text.count(b"**") + text.count(b"](")
    return records > 0 and records >= 3 * others + 2 * marks


def _is_dated(line: bytes) -> bool:
    return _DATED.match(line) is not None


def _is_solved(text: bytes) -> bool:
    """Return whether `text` is a conversation at whose end somebody says that it works; a record after that speaks against it."""
    if not (_CLOSED_THREAD.search(text[:600]) or _is_conversation(text)):  # what tells logs apart soonest comes first
        return False
    ends = [found.end() for found in _SOLVED.finditer(text)]
    return bool(ends) and ends[-1] >= _END_PART * len(text) and _FAILING.search(text, ends[-1]) is None


def _is_conversation(text: bytes) -> bool:
    """Return whether several people speak in `text`, each line or nearly so by one of them."""
    spoken = [found.group() for found in _SPOKEN.finditer(text)]
    speakers = {re.sub(rb"[\d:\[\]<>@ \tAPM]", b"", each) for each in spoken}
    lines = sum(bool(line.strip()) for line in text.splitlines()) if len(speakers) >= _SPEAKERS else 0
    return lines > 0 and len(spoken) >= _SPOKEN_PART * lines


def _reports(text: bytes) -> bool:
    """Return whether somebody tells of a trouble of their own, headings aside."""
    return _REPORT.search(text) is not None or _FIRST_PERSON.search(_TITLE.sub(b"", text)) is not None


def _is_advice(text: bytes) -> bool:
    """Return whether `text` is nothing but sentences that tell what to do when something fails."""
    lines = [line for line in text.splitlines() if line.strip()]
    advises = _ADVICE.search(text) is not None and _RAISED.search(text) is None
    return advises and not _reports(text) and all(map(is_sentence, lines))


def _is_running_text(text: bytes) -> bool:
    """Return whether `text` is mostly sentences that were broken into lines, reports nothing and shows no records."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(_WRAPPED.findall(text)) < max(_WRAPPED_LINES, _WRAPPED_PART * len(lines)) and len(_ITEM.findall(text)) < max(
        _ITEMS, _ITEMS_PART * len(lines)
    ):
        return False
    records = sum(_RECORD.match(line) is not None for line in lines)
    told = len(_REPORT.findall(text)) + len(_FIRST_PERSON.findall(text)) + records
    return told <= _TOLD_PART * len(lines)


def is_documentation(text: bytes) -> bool:
    """Return whether `text` has the structure of a document, consists of sentences, and reports nothing."""
    structure = len(_STRUCTURE.findall(text))
    if not structure or _reports(text):
        return False
    lines = [line for line in _outside_of_code(text) if line.strip()]
    sentences = sum(map(is_sentence, lines))
    headings = sum(_HEADING.match(line) is not None for line in lines)
    return (sentences >= _SENTENCES or structure >= 2 * _SENTENCES) and sentences + structure > _PROSE * len(
        lines
    ) + headings / 2


def is_sentence(line: bytes) -> bool:
    """Return whether a line is a sentence or a part of one, and not a record.

    >>> is_sentence(b"- If your Pod is in `CrashLoopBackOff`, look at its log."), is_sentence(b"E0612 10:00:00 no route to host")
    (True, False)
    """
    if _RECORD.match(line):
        return False
    marked = _MARK.match(line)
    words = line[marked.end() if marked else 0 :].replace(b"|", b" ").split()
    least = _WORDS if line.isascii() else 2
    plain = sum(_WORD.match(word) is not None for word in words)
    return len(words) >= least and plain >= _PLAIN * len(words)


def _outside_of_code(text: bytes) -> list[bytes]:
    """Return the lines that stand neither between fences nor indented as code."""
    kept, fenced = list[bytes](), False
    for line in text.splitlines():
        if line.lstrip().startswith((b"```", b"~~~")):
            fenced = not fenced
        elif not fenced and not line.startswith((b"    ", b"\t")):
            kept.append(line)
    return kept


def _is_code(text: bytes) -> bool:
    if _is_program(text):
        return True
    if not _DEFINES.search(text) or b"Traceback (most recent" in text:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    code = len(_CODE.findall(text))
    return code >= _CODE_LINES and code >= _CODE_PART * len(lines) and not any(map(_RECORD.match, lines))


def _is_program(text: bytes) -> bool:
    """Return whether `text` begins as a script or a file of source code does."""
    return _SCRIPT.match(text) is not None or (
        _FILE.match(text) is not None and len(_CODE.findall(text)) >= _CODE_LINES
    )
