"""A bad night as it goes on: what is planned for it, the mailbox, the people who decide, a network that is cut.

Time is virtual and moves by minutes; nothing here says how it ends.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from order_world import fields, mail
from vigie.flows.order import note_measure_taken, take_step
from vigie.foundation.errors import Unavailable
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken, claim_due, deliver
from vigie.orders import intake
from vigie.orders.models import Order, OrderIntake
from vigie.orders.states import Stage
from vigie.orders.steps import step_from
from vigie.people.models import User

ORDERS = 200
AUTHORITIES = 20
ARRIVALS_MIN = 180
CUTS = (range(40, 50), range(120, 130))
DECIDED_PER_MINUTE = 4


@dataclass
class Planned:
    """One order of the night, and what it truly is: valid, forged, unclear or gone."""

    reference: str
    kind: str
    authority: int
    minute: int
    urls: list[str]
    clarified_after: int

    def mail(self, *, clarified: bool = False) -> bytes:
        """As its sender, or who says to be it, sends it."""
        domain = "evil.example" if self.kind == "forged" else f"authority-{self.authority}.example"
        unclear = self.kind == "unclear" and not clarified
        form = fields(
            self.reference,
            authority=f"Authority {self.authority}",
            urls=[] if unclear else self.urls,
            email=f"duty@authority-{self.authority}.example",
        )
        result = f"mx.forum.example; dkim=pass header.d={domain}"
        return mail(form, sender=f"duty@{domain}", headers=(("Authentication-Results", result),))


@dataclass
class Night:
    """The night as it goes on."""

    start: datetime
    settings: Settings
    person: User
    planned: dict[str, Planned]
    mails: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    waiting: list[tuple[int, bytes]] = field(default_factory=list)
    minute: int = 0
    put_off: int = 0
    crash_at: int = 0

    @property
    def at(self) -> datetime:
        """This minute's instant."""
        return self.start + timedelta(minutes=self.minute)

    @property
    def is_cut(self) -> bool:
        """Whether the network is away."""
        return any(self.minute in cut for cut in CUTS)

    def post(self, minute: int, raw: bytes) -> None:
        """A mail reaches the mail server in that minute, whatever Vigie does then."""
        self.mails.setdefault(minute, []).append((minute, raw))

    def read_mailbox(self) -> None:
        """Take in what lies in the mailbox; what could not be kept lies there next time too."""
        self.waiting += self.mails.pop(self.minute, [])
        left: list[tuple[int, bytes]] = []
        for arrived, raw in self.waiting:
            try:
                intake.take_in(
                    raw,
                    channel=OrderIntake.Channel.MAIL,
                    received_at=self.start + timedelta(minutes=arrived),
                    at=self.at,
                    actor=SYSTEM,
                    settings=self.settings,
                )
            except Unavailable:
                left.append((arrived, raw))
        self.waiting = left
        self.put_off += len(left)

    def decide(self) -> None:
        """People take the orders whose hour ends first, as many as they can in a minute."""
        undecided = Order.objects.filter(stage__in=(Stage.RECEIVED, Stage.VALID)).order_by(
            "clock_started_at", "id"
        )
        for order in list(undecided[:DECIDED_PER_MINUTE]):
            if order.sender_check["verdict"] == "contradicted":
                self.step(order, "refuse", reason="The authority knows nothing of it.")
            elif order.unread:
                self.step(order, "cannot_execute", ground="insufficient_information", reason="No address.")
                planned = self.planned[order.reference]
                self.post(self.minute + planned.clarified_after, planned.mail(clarified=True))
            elif self.planned[order.reference].kind == "gone":
                # Nothing is at the address, and Vigie never took it down: no time is invented.
                self.step(
                    order, "cannot_execute", ground="insufficient_information", reason="Nothing is there."
                )
            else:
                self.step(order, "execute")
        if not self.is_cut:
            for order in list(Order.objects.filter(answer__in=("annex_ii_due", "annex_iii_due"))):
                self.step(order, "answer_sent")

    def step(self, order: Order, name: str, **values: str) -> None:
        """A person does something."""
        take_step(order.number, step_from(name, values), user=self.person, at=self.at, settings=self.settings)

    def send(self, *, dies: bool = False) -> None:
        """The worker delivers what is due; when it dies, what it has in hand is leased and not recorded."""
        for message in claim_due(at=self.at, limit=200):
            if not dies:
                deliver(message, deliverer=self._platform, clock=lambda: self.at)

    def _platform(self, message: OutboxMessage) -> Taken | Refused:
        if self.is_cut:
            return Refused("unreachable", self.at + timedelta(minutes=1))
        return Taken(then=lambda: note_measure_taken(message.key, at=self.at, settings=self.settings))


def plan(generator: random.Random) -> dict[str, Planned]:
    """Exactly 15 % forged, 10 % unclear, 5 % gone, in any order."""
    kinds = ["forged"] * 30 + ["unclear"] * 20 + ["gone"] * 10
    kinds += ["valid"] * (ORDERS - len(kinds))
    generator.shuffle(kinds)
    made = {}
    for place, kind in enumerate(kinds):
        made[f"R-{place}"] = Planned(
            reference=f"R-{place}",
            kind=kind,
            authority=generator.randrange(AUTHORITIES),
            minute=generator.randrange(ARRIVALS_MIN),
            urls=[f"http://forum.example/p/{place}-{n}" for n in range(generator.choice((1, 1, 2)))],
            clarified_after=generator.randrange(20, 90),
        )
    return made
