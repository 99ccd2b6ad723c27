"""What the demonstration saw, as values: of each post, of the decisions, and how long things took.

Nothing here judges; `expectations` does.
"""

from dataclasses import dataclass, field

from vigie.demo.posts import Post


@dataclass(frozen=True, slots=True)
class Why:
    """The nearest match of a case: which entry, by which signal, how many bits away, edited how."""

    entry: str
    entry_name: str
    signal: str
    distance_bits: int
    confirmed: bool
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A post and what became of it at once. `missed_by_bits` is the PDQ distance of a copy that went unseen."""

    post: Post
    number: int
    verdict: str
    state: str
    case: str
    problem: str
    rules: tuple[str, ...]
    why: Why | None
    quarantined: bool
    missed_by_bits: int | None
    took_ms: float


@dataclass(slots=True)
class Deeds:
    """What people decided and what came of it. HTTP statuses are those a stranger gets; 0 is not asked yet."""

    removed_status: int = 0
    found_gone: bool = False
    kept_status: int = 0
    suspended_status: int = 0
    second_try_status: int = 0
    undone_before_status: int = 0
    undone_after_status: int = 0
    pretended_status: int = 0
    alarm: bool = False
    looked_back_status: int = 0
    ordered_status: int = 0
    order_stage: str = "not taken in"
    order_answer: str = "none"
    order_took_s: float = 0.0
    complained_before_status: int = 0
    complained_after_status: int = 0
    complaint_state: str = "none"
    reported: dict[str, float] = field(default_factory=dict)
    messages: int = 0
    messages_twice: int = 0
    ledger_whole: bool = False
    ledger_sentence: str = "not verified"
    decisions: int = 0
    # What happened to each post after its verdict, by the post's key.
    afterwards: dict[str, str] = field(default_factory=dict)
    took_effect_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timings:
    """How long things took."""

    start_s: float
    live_after_s: float
    posts_ms: tuple[float, ...]
    took_effect_ms: tuple[float, ...]
    total_s: float
