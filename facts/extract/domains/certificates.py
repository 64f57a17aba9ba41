"""Certificates that have expired or soon will: what `openssl x509 -dates` prints, of files and of a server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from facts.cluster.index import Index
from facts.cluster.moment import written
from facts.model.schema.domains.machines import CertificateFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

SOON = 30.0
"""A certificate that ends in fewer days is a fact."""

_DAY = 86400.0
_SUBJECT = re.compile(r"^\s*subject=.*?CN\s*=\s*([^,/\n]+)", re.MULTILINE)
_END = re.compile(r"^\s*notAfter=(\w{3}\s+\d+ \d\d:\d\d:\d\d \d{4}) GMT", re.MULTILINE)
_FILE = re.compile(r" -in (\S+)")


def extract(index: Index) -> Iterator[Fact]:
    """Yield `certificate` facts."""
    now = index.store.now
    for observation in index.store.commands("openssl x509"):
        text = observation.body.decode(errors="replace")
        end, subject = _END.search(text), _SUBJECT.search(text)
        if now is None or end is None:
            continue
        try:
            moment = datetime.strptime(" ".join(end[1].split()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        except ValueError:  # letters and digits, and yet no date
            continue
        left = (moment.timestamp() - now) / _DAY
        if left >= SOON:
            continue
        file = _FILE.search(observation.attribute("command"))
        attributes = CertificateFact(
            node=observation.attribute("host"),
            name=observation.attribute("target") or (file[1] if file else ""),
            subject=subject[1].strip() if subject else "",
            ends=written(moment),
            days_left=round(left, 1),
            expired=left < 0,
        )
        yield new_fact(attributes, observation.source, end[0].strip())
