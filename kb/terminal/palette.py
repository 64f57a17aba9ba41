"""The colours of severities and risks, the same wherever they are shown."""

SEVERITY_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": ""}
RISK_STYLES = {"read-only": "dim", "safe": "green", "disruptive": "yellow", "destructive": "bold red"}
