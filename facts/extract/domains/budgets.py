"""PodDisruptionBudgets that let no Pod go."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import PodDisruptionBudget
from facts.model.schema.domains.capacity import PdbFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield `pdb` facts."""
    for budget in index.store.every(PodDisruptionBudget):
        status = budget.body.status
        if not budget.full or status.disruptions_allowed > 0 or status.expected_pods == 0:
            continue
        strict = status.current_healthy >= status.expected_pods
        attributes = PdbFact(
            namespace=budget.namespace,
            name=budget.name,
            healthy=status.current_healthy,
            desired=status.desired_healthy,
            expected=status.expected_pods,
            problem="too-strict" if strict else "unhealthy-pods",
        )
        proof = (
            f"disruptionsAllowed: 0, currentHealthy: {status.current_healthy}, desiredHealthy: {status.desired_healthy}"
        )
        yield new_fact(attributes, budget.source, proof)
