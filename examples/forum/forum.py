"""Starts Lakeside, the example platform; see README.md in this folder.

Prints one line of JSON with the address it listens on, then serves until it is told to stop.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from lakeside.asking import Vigie
from lakeside.faults import BadFaults, FaultPlan, Faults, parse_faults
from lakeside.publishing import Publisher
from lakeside.server import Forum, ForumServer
from lakeside.store import Store


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; returns the exit status."""
    options = _parser().parse_args(arguments)
    server = ForumServer((options.host, options.port))
    port = server.server_address[1]
    public_url = (options.public_url or f"http://{options.host}:{port}").rstrip("/")
    store = Store(options.data)
    vigie = Vigie(url=options.vigie_url, token=options.vigie_token, time_s_max=options.ask_time_s)
    publisher = Publisher(store, vigie, public_url=public_url)
    server.forum = Forum(
        store=store,
        publisher=publisher,
        webhook_secret=options.webhook_secret,
        faults=None if options.test_faults is None else FaultPlan(options.test_faults),
    )

    def stop(signum: int, frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this handler interrupts, so it needs a thread of its own.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    publisher.start()
    said = {"port": port, "url": public_url, "webhook": f"{public_url}/webhooks/vigie"}
    print(json.dumps(said), flush=True)
    server.serve_forever(poll_interval=0.1)
    publisher.stop()
    server.server_close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Lakeside, an example platform for Vigie.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8900, help="port; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for the forum's SQLite file")
    parser.add_argument("--public-url", default="", help="address of the forum for the public, if another")
    parser.add_argument("--vigie-url", required=True, help="address of Vigie")
    parser.add_argument("--vigie-token", required=True, help="token with the scope content:write")
    parser.add_argument("--webhook-secret", required=True, help="secret of this platform in Vigie")
    parser.add_argument(
        "--ask-time-s", type=float, default=10.0, help="longest wait for Vigie (default: %(default)s)"
    )
    parser.add_argument(
        "--test-faults",
        type=_faults,
        nargs="?",
        const=Faults(),
        metavar="JSON",
        help='misbehave on purpose: {"fail_share":0.3,"fail_when":"before","seed":7,"pretend":false}',
    )
    return parser


def _faults(text: str) -> Faults:
    try:
        return parse_faults(json.loads(text), base=Faults())
    except (BadFaults, ValueError) as error:
        raise argparse.ArgumentTypeError("no faults that can be had") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
