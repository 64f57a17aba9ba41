"""A text cut into records: lines without the layers of their carriers, continued lines joined."""
