"""Text cut into what it holds: prompts, tables, outlines, events, logs."""
