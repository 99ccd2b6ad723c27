"""What the console keeps in the browser for a person: whether to go on to the next case after deciding.

It keeps nothing about cases or people there.
"""

from typing import Literal

from django.http import HttpRequest, HttpResponse

COOKIE = "vigie_goes_on"
KEPT_S = 365 * 24 * 3600

YesOrNo = Literal["yes", "no"]


def goes_on(request: HttpRequest) -> bool:
    """Whether the next case follows a decision; yes until somebody says no."""
    return request.COOKIES.get(COOKIE, "yes") == "yes"


def keep_goes_on(answer: HttpResponse, wanted: YesOrNo) -> None:
    """Remember it in this browser."""
    answer.set_cookie(COOKIE, wanted, max_age=KEPT_S, httponly=True, samesite="Lax")
