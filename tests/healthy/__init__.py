"""Texts and lists of what is well: logs, output of commands, API lists, prose, and failures that are over.

`NAME-run.*` and `cluster-*-run.*` are what real programs gave (see `make` and `cluster`); all others are written by
hand in the wording of the programs. `alarms` holds the rules against them.
"""
