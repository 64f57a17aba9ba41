"""Quantities mean the same however they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.cluster.quantity import parse_quantity

SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(SUFFIXES)))
def test_a_decimal_suffix_is_a_power_of_ten(number: int, suffix: str) -> None:
    """5k is 5000, 5m a two-hundredth."""
    assert parse_quantity(f"{number}{suffix}") == number * Fraction(10) ** SUFFIXES[suffix]


@given(st.integers(0, 10**9), st.sampled_from("KMGTPE"))
def test_a_binary_suffix_is_a_power_of_two(number: int, letter: str) -> None:
    """1Ki is 1024."""
    assert parse_quantity(f"{number}{letter}i") == number * 1024 ** ("KMGTPE".index(letter) + 1)


@given(st.integers(-99, 99), st.integers(-9, 9))
def test_an_exponent_is_a_power_of_ten(number: int, exponent: int) -> None:
    """1e3 and 1k are the same."""
    assert parse_quantity(f"{number}e{exponent}") == number * Fraction(10) ** exponent


@given(st.text(max_size=12))
def test_any_text_is_a_quantity_or_none(text: str) -> None:
    """Nothing is raised, whatever is written."""
    assert isinstance(parse_quantity(text), Fraction | None)


@pytest.mark.parametrize("text", ["", "lots", "1x", "1 Gi", "--1", "1e", "NaN", "1e999999999"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    """Words, spaces and absurd exponents are not numbers."""
    assert parse_quantity(text) is None


def test_none_stays_none() -> None:
    """A limit that is not set has no value."""
    assert parse_quantity(None) is None


def test_numbers_are_quantities() -> None:
    """YAML may leave the quotes away."""
    assert [parse_quantity(2), parse_quantity(0.5)] == [Fraction(2), Fraction(1, 2)]
