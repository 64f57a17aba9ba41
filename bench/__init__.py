"""Checks that measure time. They need a machine that does nothing else, so `make test` leaves them out: `make bench`."""
