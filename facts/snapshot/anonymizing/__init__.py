"""Names and addresses become pseudonyms."""
