"""How much is measured: everything, or so little that only the harness is tried.

A quick run proves that the programs work; its numbers mean nothing and are never written over real ones.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from benchmarks.corpora import Codes
from benchmarks.peers import Peers, peers
from benchmarks.world import World, world

MakeWorld = Callable[[Codes, Mapping[str, str]], AbstractContextManager[World]]


@dataclass(frozen=True)
class Plan:
    """The sizes of a run. `with_peers` is false where the peers are not installed.

    `world` starts a Vigie with hashes and settings; a test gives one that runs already. `soak_s` is how long the load
    run takes.
    """

    quick: bool
    with_peers: bool
    rounds: int
    seed: int
    world: MakeWorld = world
    soak_s: float = 600.0

    @contextmanager
    def peers(self) -> Iterator[Peers | None]:
        """The peers' process for one suite, or None."""
        with peers() if self.with_peers else nullcontext() as found:
            yield found
