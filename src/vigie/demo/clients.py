"""Vigie and the example platform as seen over HTTP: the demonstration does nothing that a stranger could not.

It knows addresses and JSON, and nothing of the database behind them.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from vigie.demo.errors import DemoFailed

_TIME_S_MAX = 30.0


@dataclass(frozen=True, slots=True)
class PostState:
    """How a post of the forum stands. `number` is 0 when it was refused before it became one."""

    number: int
    content: str
    url: str
    state: str
    verdict: str
    case: str
    problem: str
    status: int


class Forum:
    """The example platform, as its users and their browsers see it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=_TIME_S_MAX, trust_env=False)

    def post(self, *, author: str, title: str, text: str, picture: bytes | None) -> PostState:
        """Post something, with a form as a browser sends it."""
        fields: list[tuple[str, tuple[str | None, bytes]]] = [
            ("author", (None, author.encode())),
            ("title", (None, title.encode())),
            ("text", (None, text.encode())),
        ]
        if picture is not None:
            fields.append(("picture", ("picture", picture)))
        return _post_state(self._http.post("/api/posts", files=fields))

    def stands(self, number: int) -> PostState:
        """How a post stands now."""
        return _post_state(self._http.get(f"/api/posts/{number}"))

    def page_status(self, number: int) -> int:
        """The HTTP status that a stranger gets for the page of a post."""
        return self._http.get(f"/p/{number}").status_code

    def webhooks(self) -> dict[str, Any]:
        """Every idempotency key that Vigie sent, with deliveries and effects, and totals."""
        found: dict[str, Any] = self._http.get("/api/webhooks").raise_for_status().json()
        return found

    def set_faults(self, **faults: Any) -> None:
        """Have the forum misbehave, or behave again."""
        self._http.post("/api/faults", json=faults).raise_for_status()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()


class VigieApi:
    """Vigie's HTTP interface with one person's token."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=url, timeout=_TIME_S_MAX, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        )

    def get(self, path: str, **query: str | int) -> Any:
        """Read something; raises DemoFailed for a problem."""
        return _whole(self._http.get(path, params=query))

    def send(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Any:
        """Change something, once however often `key` is sent; raises DemoFailed for a problem."""
        headers = {"Idempotency-Key": key} if key else {}
        return _whole(self._http.post(path, json=body, headers=headers))

    def upload(self, path: str, data: bytes, *, fields: dict[str, str]) -> Any:
        """Send a file with form fields; raises DemoFailed for a problem."""
        return _whole(self._http.post(path, data=fields, files={"file": ("picture", data)}))

    def status_of(self, path: str, body: bytes) -> int:
        """The HTTP status of a call, whatever it is."""
        return self._http.post(path, content=body).status_code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()


def _whole(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    try:
        problem = answer.json()
        sentence, hint = str(problem["detail"]), str(problem.get("hint", ""))
    except (ValueError, KeyError, TypeError):
        sentence, hint = f"status {answer.status_code}", ""
    request = answer.request
    raise DemoFailed(f"{request.method} {request.url.path}: {sentence}", hint=hint)


def _post_state(answer: httpx.Response) -> PostState:
    try:
        found = answer.json()
    except ValueError as error:
        raise DemoFailed(f"The forum answered with status {answer.status_code}.") from error
    return PostState(
        number=int(found.get("id") or 0),
        content=str(found.get("content") or ""),
        url=str(found.get("url") or ""),
        state=str(found.get("state") or "refused"),
        verdict=str(found.get("verdict") or ""),
        case=str(found.get("case") or ""),
        problem=str(found.get("problem") or found.get("error") or ""),
        status=answer.status_code,
    )
