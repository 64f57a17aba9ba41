"""Tests of kb/fleet."""
