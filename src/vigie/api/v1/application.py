"""The Ninja application: its documentation pages, and every error as a problem document.

It knows no domain; routers are added in `__init__`.
"""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema

from vigie import __version__
from vigie.api.openapi import DESCRIPTION, finish
from vigie.api.problems import (
    MEDIA_TYPE,
    FieldError,
    FieldsInvalid,
    Malformed,
    MethodNotAllowed,
    Unauthorised,
    problem,
)
from vigie.api.shapes import CarefulParser
from vigie.foundation.canonical import canonical_json
from vigie.foundation.errors import NotFound, TooLarge, Unavailable, VigieError

_log = logging.getLogger(__name__)

# Swagger UI sets styles on elements and shows its icons from data addresses; nothing comes from elsewhere.
DOCS_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)

# An answer is for a program: no browser shows or keeps it.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


class LocalSwagger(Swagger):
    """Swagger UI from the files that Ninja brings, under a content security policy of its own."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page; calls tried from it carry the console's session and CSRF token."""
        context = {
            "swagger_settings": canonical_json(
                {**self.settings, "url": self.get_openapi_url(api, kwargs)}
            ).decode(),
            "api": api,
            "add_csrf": True,
        }
        response = render(request, self.template, context)
        response["Content-Security-Policy"] = DOCS_CSP
        return response


class VigieAPI(NinjaAPI):
    """Everything under `/v1` but the fast lane."""

    def __init__(self) -> None:
        super().__init__(
            title="Vigie",
            version=__version__,
            description=DESCRIPTION.strip(),
            urls_namespace="v1",
            docs=LocalSwagger(),
            parser=CarefulParser(),
        )
        self.add_exception_handler(Exception, _answer_problem)
        self.add_exception_handler(Http404, _answer_problem)
        self.add_exception_handler(HttpError, _answer_problem)
        self.add_exception_handler(ValidationError, _answer_problem)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """Ninja's routes; what they answer in plain text becomes a problem document."""
        patterns, app, namespace = super().urls
        patterns.append(re_path("", _nothing_here))
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _with_problems(pattern.callback)
        return patterns, app, namespace

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The whole document, the fast lane included."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        finish(document)
        return document

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of the function: unique, and a good name for a client's method."""
        return str(operation.view_func.__name__)


def problem_response(error: VigieError) -> HttpResponse:
    """An error as a problem document."""
    status, document = problem(error)
    response = HttpResponse(canonical_json(document), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response["Retry-After"] = "2"
    return response


def _answer_problem(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(known(error))


def known(error: Exception) -> VigieError:
    """The error as the caller is told; what nobody foresaw is logged, and named only as such."""
    if isinstance(error, VigieError):
        return error
    if isinstance(error, ValidationError):
        return _fields_invalid(error)
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return NotFound("There is no such thing.")
    if isinstance(error, HttpError):
        return _known_http(error)
    if isinstance(error, RequestDataTooBig):
        return TooLarge(
            "The body is larger than this address takes.", hint="Send media as files, one at a time."
        )
    if isinstance(error, SuspiciousOperation | MultiPartParserError):
        return Malformed("The body cannot be read.")
    if isinstance(error, InterfaceError | DatabaseError):
        _log.warning("the database refuses", extra={"action": "answer", "kind": type(error).__name__})
        return Unavailable(
            "The database cannot be reached now; nothing was changed.", hint="Try again in a moment."
        )
    _log.error(
        "nobody foresaw this error",
        extra={
            "action": "answer",
            "kind": type(error).__name__,
            # Frames only: the message of a foreign error may quote what was sent.
            "frames": [f"{one.name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-8:]],
        },
    )
    return VigieError(
        "Something went wrong in Vigie.", hint="The server's log says more. Nothing was changed."
    )


def _known_http(error: HttpError) -> VigieError:
    if isinstance(error.__cause__, VigieError):
        return error.__cause__
    if error.status_code == 401:
        return Unauthorised("A working token or sign-in is needed.")
    return Malformed("The body cannot be read.", hint="It should be the JSON that /v1/docs describes.")


def _fields_invalid(error: ValidationError) -> FieldsInvalid:
    found = []
    for one in error.errors[:50]:
        place = tuple(part if isinstance(part, str | int) else str(part) for part in one["loc"])
        found.append(FieldError(place, str(one["msg"])[:300]))
    return FieldsInvalid(found)


def _nothing_here(request: HttpRequest) -> HttpResponse:
    raise Http404


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = problem_response(NotFound("There is nothing at this address.", hint="See /v1/docs."))
        if response.status_code == 405 and response["Content-Type"] != MEDIA_TYPE:
            allow = response["Allow"]
            response = problem_response(
                MethodNotAllowed("This address takes another method.", hint="See `Allow`.")
            )
            response["Allow"] = allow
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    # Ninja checks the CSRF token itself, where a session is used.
    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered
