"""`No resources found`: below a `kubectl get` it is a complete, empty list of that kind.

$ kubectl get pods -n demo
No resources found in demo namespace.
"""

import re

from facts.cluster.kinds import is_cluster_kind, kind_of
from facts.read.text.listing import list_coverage
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import FILTERED
from facts.snapshot.setting import Setting

OPENING = r"No resources found|No events found"


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Return the coverage of the kind that the command above asked for; None when no command stands there."""
    if not setting.says("kubectl") or len(setting.words) < 2:
        return None
    asked = "events" if setting.words[1] == "events" else setting.words[2] if len(setting.words) > 2 else ""
    kinds = [kind for word in asked.split("/", 1)[0].split(",") if word and (kind := kind_of(word))]
    told = re.search(r" in (\S+) namespace", lines.line(0) or "")
    namespace = told[1] if told else ""
    seen = [(kind, "" if is_cluster_kind(kind) else namespace) for kind in kinds]
    return Reading((), list_coverage(seen, setting, FILTERED if setting.filtered else ""), 1) if seen else None
