"""Other ways to solve the same assignment: one file each, all asked the same question.

What each answers is judged by the judges of the engine (``benchmarks.trial``), so none is
believed about its own plan. The tuple is the table of contents.
"""

from __future__ import annotations

from benchmarks.peers import greedy, lapjvsp, mip, plain_cpsat, whole_flow
from benchmarks.peers.peer import Peer

PEERS = (
    greedy.FIRST_COME,
    lapjvsp.WHOLE,
    lapjvsp.SPLIT,
    whole_flow.FLOW,
    mip.HIGHS,
    mip.SCIP,
    plain_cpsat.PLAIN,
)
"""Every peer, in the order in which they are run."""

BY_NAME: dict[str, Peer] = {peer.name: peer for peer in PEERS}
"""The same by name."""
