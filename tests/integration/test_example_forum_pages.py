"""The example forum's pages and forms: what people write is shown and never run, and bodies have limits."""

import base64
import json
from typing import Any

import pytest

from example_forum import (
    Forum,
    VigieDouble,
    faulty,
    forum,
    png,
    refusing,
    vigie,
)

__all__ = ["faulty", "forum", "refusing", "vigie"]  # fixtures


def test_the_form_takes_pictures_and_shows_where_they_went(forum: Forum) -> None:
    files = [("picture", ("a.png", png(1), "image/png")), ("picture", ("b.png", png(2), "image/png"))]
    answered = forum.http.post("/new", data={"author": "mira", "title": "Two", "text": "a\n\nb"}, files=files)
    assert (answered.status_code, answered.headers["Location"]) == (303, "/p/1001")
    page = forum.http.get("/p/1001").text
    assert page.count("<figure>") == 2
    assert [forum.http.get(f"/media/{number}").content for number in (1, 2)] == [png(1), png(2)]


def test_a_multipart_part_arrives_byte_for_byte(forum: Forum, vigie: VigieDouble) -> None:
    content = png() + b"\r\n--\r\n\r\n--x--\r\n\0\xff\n\r"
    forum.http.post("/api/posts", data={"author": "mira"}, files={"picture": ("a", content)})
    assert base64.b64decode(vigie.asked[0]["media"][0]["content"]) == content


def test_what_people_write_is_shown_and_never_run(forum: Forum) -> None:
    forum.post(title="<script>alert(1)</script>", text="<img src=x onerror=y>\n\u202eمرحبا", picture=png())
    forum.post(author="<b>bold</b>"[:1] + "x", text="refused name")
    for page in ("/", "/p/1001", "/u/mira"):
        answered = forum.http.get(page)
        assert "<script>" not in answered.text
        assert "onerror=y>" not in answered.text
        assert "script-src" not in answered.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answered.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"author": "", "text": "x"}, 422),
        ({"author": "<b>", "text": "x"}, 422),
        ({"author": "a" * 31, "text": "x"}, 422),
        ({"author": "mira"}, 422),
        ({"author": "mira", "text": "x" * 20_001}, 422),
        ({"author": "mira", "title": "x" * 121}, 422),
        ({"author": 5, "text": "x"}, 400),
        ({"author": "mira", "text": ["x"]}, 400),
        ({"author": "mira", "pictures": [{"content": "***"}]}, 400),
        ({"author": "mira", "pictures": [{}]}, 400),
        ({"author": "mira", "pictures": "x"}, 400),
        ({"author": "mira", "pictures": [{"content": ""}]}, 415),
        ({"author": "mira", "pictures": [{"content": "PHN2Zz4="}]}, 415),
        ({"author": "mira", "pictures": [{"content": base64.b64encode(png()).decode()}] * 5}, 422),
        ([], 400),
        ("x", 400),
        (None, 400),
    ],
)
def test_a_bad_post_is_refused_and_nothing_is_kept(refusing: Forum, body: Any, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answered = refusing.http.post("/api/posts", content=json.dumps(body), headers=headers)
    assert answered.status_code == status
    assert answered.json()["error"]


def test_text_with_odd_characters_is_kept_without_harm(forum: Forum, vigie: VigieDouble) -> None:
    raw = b'{"author":"mira","title":"a\\u0000b","text":"half \\ud800 pair"}'
    answered = forum.http.post("/api/posts", content=raw, headers={"Content-Type": "application/json"})
    assert answered.status_code == 201
    assert vigie.asked[0]["text"] == "ab\n\nhalf ? pair"


def test_bodies_have_limits(refusing: Forum) -> None:
    big = b"x" * (17 * 1024)
    assert refusing.http.post(refusing.webhook, content=big).status_code == 413
    assert refusing.http.post("/api/posts", content=b"x" * (49 * 1024 * 1024)).status_code == 413
    picture = png() + b"\0" * (8 * 1024 * 1024)
    assert (
        refusing.http.post("/api/posts", data={"author": "m"}, files={"picture": picture}).status_code == 413
    )
    assert refusing.http.post("/api/posts", content=iter([b"{}"])).status_code == 411
    assert (
        refusing.http.post("/api/posts", content=b"<x/>", headers={"Content-Type": "text/xml"}).status_code
        == 415
    )
    assert refusing.http.get("/healthz").json() == {"ok": True}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--\r\n",
        b"--b\r\n\r\nx\r\n--b--",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="author"\r\n\r\nmira\r\n',
        b"--b\r\n" * 100,
    ],
)
def test_a_broken_multipart_form_is_refused(refusing: Forum, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert refusing.http.post("/api/posts", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/p/999", "/p/x", "/u/nobody", "/media/7", "/media/..%2fstyle.css", "/nothing", "/p/1" + "0" * 30],
)
def test_what_is_not_there_is_not_found(refusing: Forum, path: str) -> None:
    assert refusing.http.get(path).status_code == 404


def test_pages_turn_when_there_are_many_posts(forum: Forum) -> None:
    for number in range(25):
        forum.post(title=f"Post {number:02}")
    first, second = forum.http.get("/").text, forum.http.get("/?page=2").text
    assert "Post 24" in first
    assert "Post 00" not in first
    assert "Post 00" in second
    assert forum.http.get("/?page=nonsense").status_code == 200
    assert forum.http.get("/?page=99999").status_code == 200
