"""From command-line options to a look at clusters."""
