"""Work side by side, its progress, and how it is stopped."""
