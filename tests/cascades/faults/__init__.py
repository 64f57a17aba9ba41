"""The faults: each takes a healthy cluster, breaks one thing and all that follows, and returns the truth about it."""
