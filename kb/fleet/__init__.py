"""Many snapshots at once: find them, diagnose them side by side, keep and sum up the results."""
