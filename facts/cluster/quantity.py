"""Kubernetes quantities: 500m, 1.5, 2Gi, 1e3, as https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ writes them."""

import re
from fractions import Fraction

_FORM = re.compile(r"([+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30}))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?")
_FACTORS: dict[str, Fraction] = {
    **{
        suffix: Fraction(1000) ** power
        for suffix, power in zip("numkMGTPE", (-3, -2, -1, 1, 2, 3, 4, 5, 6), strict=True)
    },
    **{f"{letter}i": Fraction(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
}


def parse_quantity(written: str | float | None) -> Fraction | None:
    """Return the exact value of a quantity in its unit (cores, bytes, pieces); None when it is not a quantity.

    >>> parse_quantity("500m"), parse_quantity("2Ki"), parse_quantity("many")
    (Fraction(1, 2), Fraction(2048, 1), None)
    """
    if written is None:
        return None
    form = _FORM.fullmatch(str(written).strip())
    if form is None:
        return None
    number, suffix, exponent = form.groups()
    value = Fraction(number)
    if suffix:
        return value * _FACTORS[suffix]
    return value * Fraction(10) ** int(exponent) if exponent else value
