"""Banking the Grey Heron Column: one person adds, another confirms, through the HTTP interface.

It banks only what `drawings` draws and one invented text.
"""

import hashlib
from dataclasses import dataclass

from vigie.demo.clients import VigieApi
from vigie.demo.drawings import GREY_HERON, museum_plate
from vigie.demo.errors import DemoFailed
from vigie.demo.posts import BANKED_TEXT, BANKED_TITLE
from vigie.demo.processes import wait_for

BANK = "grey-heron"
NOT_CONFIRMED = frozenset({"postcard", "stencil"})
# Letters of Regulation (EU) 2021/784, Article 2(7), as a reviewer might give them.
_LEGAL_TYPES = {"leaflet": "d", "banner": "a"}
_SOURCE = "demonstration"
_LIVE_S_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Known:
    """What was banked: entry numbers by name, how many are confirmed, and how soon the last one was matched."""

    numbers: dict[str, str]
    confirmed: int
    live_after_s: float

    def name_of(self, number: str) -> str:
        """What an entry shows."""
        return next((name for name, known in self.numbers.items() if known == number), number)


def bank_everything(*, reviewer: VigieApi, senior: VigieApi) -> Known:
    """Make the bank and its entries; the reviewer adds, the senior reviewer confirms most of them."""
    reviewer.send(
        "/v1/banks",
        {
            "name": BANK,
            "title": "Grey Heron Column",
            "description": "Drawn for the demonstration. The organisation does not exist.",
            "may_remove": True,
            "level": "verified",
        },
    )
    numbers = {
        "museum plate": _add_picture(
            reviewer, museum_plate(), name="museum plate", kind="harmless", legal_type=""
        ),
        "text": _add_text(reviewer),
    }
    for number in numbers.values():
        senior.send(f"/v1/entries/{number}/confirm")
    confirmed, last = len(numbers), b""
    for name, draw in GREY_HERON.items():
        last = draw()
        legal_type = _LEGAL_TYPES.get(name, "c")
        numbers[name] = _add_picture(reviewer, last, name=name, kind="known", legal_type=legal_type)
        if name not in NOT_CONFIRMED:
            senior.send(f"/v1/entries/{numbers[name]}/confirm")
            confirmed += 1
    live_after_s = wait_for(lambda: _is_matched(reviewer, last), seconds_max=_LIVE_S_MAX)
    if live_after_s is None:
        raise DemoFailed(f"A banked picture is not matched after {_LIVE_S_MAX:.0f} s.")
    return Known(numbers, confirmed, live_after_s)


def bank_later(picture: bytes, *, name: str, reviewer: VigieApi, senior: VigieApi) -> str:
    """Bank one picture more, confirmed; Vigie looks by itself whether it was posted before. Returns its number."""
    number = _add_picture(reviewer, picture, name=name, kind="known", legal_type="c")
    senior.send(f"/v1/entries/{number}/confirm")
    return number


def _add_picture(api: VigieApi, data: bytes, *, name: str, kind: str, legal_type: str) -> str:
    fields = {"source": _SOURCE, "kind": kind, "legal_type": legal_type, "note": name}
    added = api.upload(f"/v1/banks/{BANK}/entries/file", data, fields=fields)
    if not added["pdq_banked"]:
        raise DemoFailed(f"The drawing {name!r} is too plain for a PDQ hash.")
    return str(added["entry"]["number"])


def _add_text(api: VigieApi) -> str:
    # A platform sends title and text of a post as one text, so that is what is banked.
    body = {"source": _SOURCE, "legal_type": "c", "note": "call", "text": f"{BANKED_TITLE}\n\n{BANKED_TEXT}"}
    return str(api.send(f"/v1/banks/{BANK}/entries", body)["entry"]["number"])


def _is_matched(api: VigieApi, picture: bytes) -> bool:
    """Whether a picture's file is found; changes are followed in order, so all earlier ones are live then too."""
    question = {"signals": [{"type": "sha256", "value": hashlib.sha256(picture).hexdigest()}]}
    return bool(api.send("/v1/match", question)["matches"])
