"""The language of rules: conditions, rules, texts, and the reader that checks them."""
