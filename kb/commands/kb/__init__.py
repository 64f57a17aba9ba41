"""See how the knowledge hangs together."""
