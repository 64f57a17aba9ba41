"""What all commands share: options, exit statuses, layout, colours and wording in a terminal."""
