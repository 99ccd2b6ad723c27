"""The first page after signing in.

It shows nothing of its own: the queue, or the account for somebody who may not see cases.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.console.access import needs, signed_in
from vigie.console.views import queue


@needs()
def home(request: HttpRequest) -> HttpResponseBase:
    """The queue at `/`."""
    return queue.show(request) if signed_in(request).may("cases:read") else redirect("account")
