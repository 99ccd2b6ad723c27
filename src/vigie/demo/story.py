"""The demonstration from beginning to end: start, people, bank, posts, decisions, what came of it.

It does everything through the doors that users have; only the first people are made as on the command line.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.demo.answering import answer_everything
from vigie.demo.clients import Forum, VigieApi
from vigie.demo.deciding import decide_some, wait_for_what_follows
from vigie.demo.expectations import Checked, all_checked
from vigie.demo.folder import DemoFolder, Notes, fresh, kept
from vigie.demo.known import bank_everything
from vigie.demo.photographs import for_the_demo
from vigie.demo.posting import post_all
from vigie.demo.posts import all_posts
from vigie.demo.processes import HOST, Processes, free_port, wait_for
from vigie.demo.seen import Deeds, Posted, Timings
from vigie.demo.stage import Stage
from vigie.demo.telling import Teller
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import Settings

if TYPE_CHECKING:
    from vigie.demo.cast import Cast

FORUM_PORT = 8900
TOKENS_LIVE_S_MAX = 15.0
SHARED_PDQ = Path(__file__).resolve().parents[4] / "shared" / "data" / "pdq"

# Whoever acts in the story, by their names.
ACTING = ("reviewer", "senior", "legal", "auditor")

Connect = Callable[[Path], Settings]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    data: Path
    port: int
    kept: bool
    stays: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was seen, and whether what must happen happened."""

    posted: list[Posted]
    deeds: Deeds
    checked: list[Checked]
    timings: Timings

    @property
    def holds(self) -> bool:
        """Whether every expectation holds."""
        return all(one.holds for one in self.checked)


@dataclass(frozen=True, slots=True)
class _Places:
    vigie_url: str
    forum_url: str
    start_s: float


def run(wishes: Wishes, *, connect: Connect, teller: Teller) -> bool:
    """Show everything; stay until Ctrl-C or SIGTERM where that is wished. Returns whether every expectation held.

    `connect` sets Django up on the database of the Vigie that runs on a data folder.
    """
    began_s = monotonic_s()
    folder = kept(wishes.data) if wishes.kept else fresh(wishes.data)
    processes = Processes(folder)
    holds = True
    with _stopping_on_signals():
        try:
            notes = folder.read_notes()
            if notes is None:
                notes, places, result = _show(wishes, folder, processes, connect, teller, began_s)
                teller.result(result)
                holds = result.holds
            else:
                places = _start_again(wishes, notes, folder, processes, teller)
            if wishes.stays:
                teller.invite(places.vigie_url, places.forum_url, folder.path, notes.people)
                while True:
                    processes.check()
                    sleep_s(0.5)
        except KeyboardInterrupt:
            teller.step("Stopping everything")
        finally:
            processes.stop()
    return holds


def _show(
    wishes: Wishes, folder: DemoFolder, processes: Processes, connect: Connect, teller: Teller, began_s: float
) -> tuple[Notes, _Places, Result]:
    # What can be missing is looked for before anything is started.
    photographs = for_the_demo(SHARED_PDQ)
    posts = all_posts(photographs)
    forum_port = free_port(FORUM_PORT, besides=frozenset({wishes.port}))
    vigie = _start_vigie(wishes, processes, teller, forum_port=forum_port)
    settings = connect(folder.path)

    from vigie.demo.cast import make_cast  # its models need Django set up

    teller.step("Adding an administrator, two reviewers, a legal officer, an auditor, and the platform")
    forum_url = f"http://{HOST}:{forum_port}"
    cast = make_cast(webhook=f"{forum_url}/webhooks/vigie", settings=settings)
    notes = Notes(forum_port, cast.forum_token, cast.webhook_secret, cast.people)
    teller.step("Starting the example forum")
    processes.start_forum(
        port=forum_port, vigie_url=vigie.vigie_url, token=cast.forum_token, secret=cast.webhook_secret
    )
    with ExitStack() as stack:
        reviewer, senior, legal, auditor, platform = (
            stack.enter_context(VigieApi(vigie.vigie_url, token))
            for token in (*(cast.tokens[name] for name in ACTING), cast.forum_token)
        )
        forum = stack.enter_context(Forum(forum_url))
        _wait_for_tokens(vigie.vigie_url, cast)
        teller.step("Banking the Grey Heron Column: one person adds, another confirms")
        known = bank_everything(reviewer=reviewer, senior=senior)
        teller.step(f"Posting {len(posts)} posts through the forum")
        posted = post_all(
            posts,
            forum=forum,
            reviewer=reviewer,
            known=known,
            settings=settings,
            each=teller.posted,
        )
        by_key = {one.post.key: one for one in posted}
        stage = Stage(by_key, forum, platform, reviewer, senior, legal, auditor, teller)
        decide_some(stage)
        answer_everything(stage)
        wait_for_what_follows(stage)
        deeds = stage.deeds
    timings = Timings(
        start_s=vigie.start_s,
        live_after_s=known.live_after_s,
        posts_ms=tuple(one.took_ms for one in posted),
        took_effect_ms=tuple(deeds.took_effect_ms),
        total_s=monotonic_s() - began_s,
    )
    folder.write_notes(notes)
    return notes, vigie, Result(posted, deeds, all_checked(posted, deeds), timings)


def _start_vigie(wishes: Wishes, processes: Processes, teller: Teller, *, forum_port: int) -> _Places:
    port = free_port(wishes.port, besides=frozenset({forum_port}))
    if port != wishes.port:
        teller.step(f"Port {wishes.port} is taken; using {port}")
    teller.step("Starting Vigie: embedded PostgreSQL, migrations, API, console, worker")
    said = processes.start_vigie(
        port=port,
        settings={
            "VIGIE_ALLOWED_FETCH_HOSTS": f"{HOST}:{forum_port}",
            "VIGIE_RECHECK_AFTER_S": "1",
            "VIGIE_PROVIDER_NAME": "Lakeside forum",
        },
    )
    return _Places(str(said["url"]), f"http://{HOST}:{forum_port}", float(said["seconds"]))


def _start_again(
    wishes: Wishes, notes: Notes, folder: DemoFolder, processes: Processes, teller: Teller
) -> _Places:
    """Go on with what an earlier demonstration left; what it showed is not shown again."""
    places = _start_vigie(wishes, processes, teller, forum_port=notes.forum_port)
    teller.step("Starting the example forum")
    processes.start_forum(
        port=notes.forum_port,
        vigie_url=places.vigie_url,
        token=notes.forum_token,
        secret=notes.webhook_secret,
    )
    return places


def _wait_for_tokens(url: str, cast: "Cast") -> None:
    """The fast lane learns of a new token within a second; before that it refuses the forum's questions."""
    with VigieApi(url, cast.forum_token) as asking:
        wait_for(lambda: asking.status_of("/v1/hash", b"") != 401, seconds_max=TOKENS_LIVE_S_MAX)


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """SIGTERM stops like Ctrl-C, and both do when a shell started this in the background, where it ignores SIGINT."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
