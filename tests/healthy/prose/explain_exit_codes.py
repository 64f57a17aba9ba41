"""Says in words what an exit code of a container means."""

MEANINGS = {
    1: "the program itself failed",
    126: "the command cannot be invoked: permission denied, or not executable",
    127: "command not found: the path is wrong, or the shell is missing",
    137: "SIGKILL: OOMKilled, or the grace period of a deletion was over",
    139: "SIGSEGV: segmentation fault (core dumped)",
    143: "SIGTERM: ended as asked",
}


def explain(code: int, reason: str = "") -> str:
    """Return one sentence; `reason` is that of the kubelet, such as OOMKilled or Error."""
    if reason == "OOMKilled" or (code == 137 and not reason):
        return "Out of memory: Killed process. Raise resources.limits.memory, or find the leak."
    try:
        return MEANINGS[code]
    except KeyError:
        raise ValueError(f"unknown exit code {code}") from None


if __name__ == "__main__":
    assert explain(143) == "SIGTERM: ended as asked"
    assert "not found" in explain(127)
