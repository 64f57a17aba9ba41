"""The report as YAML, for people who pipe: the same keys as in JSON."""

import json

import yaml

from kb.report.formats.json import render as render_json
from kb.report.report import Report
from kb.terminal.view import View


def render(report: Report, view: View) -> str:
    """Return the report as YAML in block style. The view does not matter."""
    text = render_json(report, view)
    # What JSON had to escape YAML must too, and PyYAML escapes all but ASCII or hardly anything.
    readable = "\\u" not in text
    return yaml.dump(json.loads(text), Dumper=yaml.CSafeDumper, allow_unicode=readable, sort_keys=False, width=120)
