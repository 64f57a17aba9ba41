"""What several extractors ask of an index is made once."""

from facts.cluster.index import Index
from facts.model.values import Snapshot


def test_all_who_ask_get_the_same() -> None:
    """It is made when first asked for, and for each index anew."""
    asked: list[Index] = []

    def make(index: Index) -> tuple[Index, ...]:
        asked.append(index)
        return tuple(asked)

    one, other = Index(Snapshot()), Index(Snapshot())
    assert one.once(make) is one.once(make)
    assert other.once(make) == (one, other)
    assert asked == [one, other]
