"""From a snapshot to facts."""
