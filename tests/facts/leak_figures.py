"""Prints the leak figures of redaction: `make leaks`."""

from facts.snapshot.redaction.redact import redact
from tests.facts.harmless import HARMLESS
from tests.facts.planted import KINDS, PLACES, WRAPPED, leaks, may_stand, plant

SEEDS = 4
"""Secrets of each kind."""


def main() -> None:
    """Print what comes out of redaction, of each kind of secret in each place, and what it takes that is none."""
    places = {**PLACES, **WRAPPED}
    planted = [plant(seed, kind) for kind in KINDS for seed in range(SEEDS)]
    standing = [(one, put) for one in planted for place, put in places.items() if may_stand(one.kind, place)]
    out = [one.kind for one, put in standing if leaks(one, redact(put(one.text).encode()).decode())]
    lines = [put(line).encode() for line in HARMLESS for put in places.values()]
    touched = sum(redact(line) != line for line in lines)
    print(
        f"{len(planted)} secrets of {len(KINDS)} kinds in {len(places)} places: {len(out)} of {len(standing)} came out"
    )
    print(f"{len(HARMLESS)} look-alikes in {len(places)} places: {touched} of {len(lines)} were touched")
    for kind in sorted(set(out)):
        print(f"  {kind}")


if __name__ == "__main__":
    main()
