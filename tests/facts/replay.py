"""Answers that were recorded from a real API server (see tests/cluster/record.py), given again."""

import json
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from tests.facts.kubernetes_server import Answer, Ask, Hang, Reset, refusal

RECORDED = Path(__file__).parent / "recorded"


def file_of(method: str, path: str, query: str) -> str:
    """Return the name of the file with the answer to a request."""
    name = f"{method} {path.strip('/').replace('/', ' ')} {query.replace('/', '%2F')}"
    return f"{name.strip().replace(' ', '_')}.json"


def recorded(ask: Ask) -> Answer | Hang | Reset | None:
    """Return what the real server answered; it refuses what it was not asked when it was recorded."""
    file = RECORDED / file_of(ask.method, ask.path, urlencode(ask.query))
    if not file.is_file():
        return refusal(404, f"{file.name} was not recorded")
    said = json.loads(file.read_text())
    body = said["body"]
    return Answer(body.encode() if isinstance(body, str) else body, said["status"])


def recorded_at() -> datetime:
    """Return the moment of the recording."""
    return datetime.fromisoformat((RECORDED / "moment").read_text().strip())
