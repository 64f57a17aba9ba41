"""The summary of a fleet as one page of HTML that needs nothing else: no script, no font, no network."""

from html import escape

from kb.fleet.pages.summary_page import extent, headline, period
from kb.fleet.summary import FleetCause, FleetSummary, Place
from kb.terminal.version import version
from kb.terminal.visible import visible

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
details { border-top: 1px solid #8886; padding: .4rem 0; }
summary { cursor: pointer; }
code { font-weight: 600; }
table { border-collapse: collapse; margin: .5rem 0 .5rem 1.2rem; }
th, td { text-align: left; padding: .15rem 1.2rem .15rem 0; vertical-align: top; }
th, footer, .period { opacity: .7; font-weight: normal; }
.critical, .high { color: #c33; }
.medium { color: #a70; }
.critical { font-weight: 600; }
"""


def render(summary: FleetSummary) -> str:
    """Return `summary` as HTML that ends in a newline. Whatever the evidence holds is text in it, never markup."""
    causes = "\n".join(map(_cause, summary.causes))
    unread = ""
    if summary.unread:
        rows = "".join(f"<tr><td>{_text(one.path)}</td><td>{_text(one.why)}</td></tr>\n" for one in summary.unread)
        unread = f"<details><summary>{summary.unread_total} could not be read</summary>\n<table>\n{rows}</table>\n</details>\n"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>kbdiag: fleet</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_text(headline(summary))}</h1>\n{causes}\n{unread}"
        f"<footer><p>kbdiag {_text(version())}, rules {_text(summary.rules_digest)}</p></footer>\n</body>\n</html>\n"
    )


def _cause(cause: FleetCause) -> str:
    places = "".join(map(_place, cause.places))
    is_open = " open" if cause.open else ""
    return (
        f"<details{is_open}><summary><code>{_text(cause.id)}</code> "
        f'<span class="{_text(cause.severity)}">{_text(cause.severity)}</span> {_text(extent(cause))}</summary>\n'
        f"<table>\n<tr><th>Cluster</th><th>What</th><th>When (UTC)</th></tr>\n{places}</table>\n</details>"
    )


def _place(place: Place) -> str:
    cells = f"<td>{_text(place.cluster or 'no name')}</td><td>{_text(place.title)}</td>"
    return f'<tr>{cells}<td class="period">{_text(period(place))}</td></tr>\n'


def _text(text: str) -> str:
    return escape(visible(text))
