"""The base of every error that Vigie raises on purpose: a stable code, a sentence for a person, a way out.

Messages carry no content, hash or identity, because they reach logs.
"""

from typing import ClassVar


class VigieError(Exception):
    """Base of all errors; `code` is stable and machine-readable, `status` the HTTP status it becomes."""

    code: str = "error"
    status: ClassVar[int] = 500

    def __init__(self, sentence: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        if code is not None:
            self.code = code


class Invalid(VigieError):
    """What was sent cannot be understood."""

    code = "invalid"
    status = 422


class NotFound(VigieError):
    """There is no such thing, or not for this reader."""

    code = "not_found"
    status = 404


class Conflict(VigieError):
    """It is in a state that does not allow this."""

    code = "conflict"
    status = 409


class Forbidden(VigieError):
    """This person or token may not do this."""

    code = "forbidden"
    status = 403


class TooLarge(VigieError):
    """Over a limit of size."""

    code = "too_large"
    status = 413


class Unavailable(VigieError):
    """Cannot be answered now; the same call may succeed later."""

    code = "unavailable"
    status = 503
