"""Networks and insurance plans."""

from __future__ import annotations

from engine.domain import InsurancePlan
from scenarios.world.dice import Dice

NUM_NETWORKS = 12
NUM_PLANS = 24
SHARE_ROLE_IN_NETWORK = 0.5
SHARE_ANY_NETWORK = 0.03
SHARE_SELF_PAY = 0.3


def networks() -> tuple[str, ...]:
    """Ids of the networks."""
    return tuple(f"network-{n:02d}" for n in range(1, NUM_NETWORKS + 1))


def insurance_plans(dice: Dice) -> tuple[InsurancePlan, ...]:
    """Plans of two to four networks each, one in every network at least."""
    names = networks()
    plans = []
    for number in range(NUM_PLANS):
        size = dice.whole(2, 4)
        own = {number % NUM_NETWORKS, *dice.some(range(NUM_NETWORKS), size - 1)}
        plans.append(
            InsurancePlan(
                id=f"plan-{number + 1:02d}",
                payer=f"payer-{number // 4 + 1}",
                networks=tuple(names[n] for n in sorted(own)),
            )
        )
    return tuple(plans)
