"""The catalogue of rules: loading, lint, the tests that rules carry."""
