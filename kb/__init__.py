"""What people touch: the catalogue of rules, the command line, reports, and the tests that rules carry."""
