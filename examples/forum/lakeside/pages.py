"""The forum's pages as HTML. Everything that people wrote is escaped here; no page holds a script."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote
from zlib import crc32

from lakeside.store import Author, Post

_AVATAR_HUES = 8
_EXCERPT_CHARS = 220
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LOGO = (
    '<svg class="logo" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="24" class="sky"/>'
    '<circle cx="33" cy="16" r="5" class="sun"/><path class="hill" d="M1.2 31 13 15l8 9 6-6 19.8 13v.8H1.2z"/>'
    '<path class="lake" d="M1.5 31.5h45A24 24 0 0 1 1.5 31.5z"/>'
    '<path class="wave" d="M8 37c4-2 6 2 10 0s6 2 10 0 6 2 11 0M14 42c3-1.5 5 1.5 8 0s5 1.5 9 0"/></svg>'
)
_SCENE = (
    '<svg class="scene" viewBox="0 0 1200 260" preserveAspectRatio="xMidYMax slice" aria-hidden="true">'
    '<circle cx="905" cy="96" r="42" class="sun"/>'
    '<path class="far" d="M0 172 150 142l110 30 120-26 130 24 150-96 96 60 110-92 130 104 94-52 110 66V260H0z"/>'
    '<path class="near" d="M0 196 210 166l170 24 190-34 170 30 210-52 250 46V260H0z"/>'
    '<path class="water" d="M0 192h1200v68H0z"/>'
    '<path class="glint" d="M812 206h190M848 219h120M790 233h160M884 246h70M150 214h90M250 236h120M470 224h84"/>'
    "</svg>"
)


def front(posts: Sequence[Post], *, authors: Sequence[Author], page: int, more: bool) -> str:
    """Newest posts as cards, who posts most beside them."""
    cards = "".join(_card(post) for post in posts)
    if not posts:
        cards = '<p class="empty">Nothing here yet. The light is good: <a href="/new">post the first picture</a>.</p>'
    people = "".join(
        f'<li>{_avatar(one.handle)}<a href="{_author_url(one.handle)}" dir="auto">{escape(one.handle)}</a>'
        f'<span class="count">{one.published}</span></li>'
        for one in authors
    )
    aside = (
        f'<section class="box"><h2>Around the lake</h2><ul class="people">{people}</ul></section>'
        if people
        else ""
    )
    hero = (
        f'<div class="hero">{_SCENE}<div class="hero-text"><h1>Up before the light</h1>'
        "<p>A forum for people who take pictures outdoors. Show what you saw, tell how you got it.</p>"
        '<a class="button" href="/new">Post a picture</a></div></div>'
    )
    return _page(
        "Lakeside, a photographers’ forum",
        f'<div class="wide columns"><div class="main"><h2 class="section">Latest posts</h2>'
        f'<div class="cards">{cards}</div>{_pager("/", page, more=more)}</div><aside>{aside}{_RULES}</aside></div>',
        hero=hero if page == 1 else "",
    )


def post_page(post: Post) -> str:
    """One published post."""
    pictures = "".join(
        f'<figure><img src="/media/{one.id}" alt="Picture {number} of {len(post.pictures)}"></figure>'
        for number, one in enumerate(post.pictures, start=1)
    )
    return _page(
        post.title,
        f'<article class="narrow post"><h1 dir="auto">{escape(post.title)}</h1>{_byline(post)}{pictures}'
        f'<div class="text" dir="auto">{_paragraphs(post.text)}</div>'
        f'<p class="back"><a href="/">← All posts</a></p></article>',
    )


def author_page(author: Author, posts: Sequence[Post], *, page: int, more: bool) -> str:
    """What one author published."""
    note = '<p class="notice warn">This account is suspended and cannot post.</p>' if author.suspended else ""
    count = "1 post" if author.published == 1 else f"{author.published} posts"
    cards = "".join(_card(post) for post in posts) or '<p class="empty">No posts to show.</p>'
    return _page(
        author.handle,
        f'<div class="wide"><header class="profile">{_avatar(author.handle)}<div><h1 dir="auto">'
        f'{escape(author.handle)}</h1><p class="meta">{count}</p></div></header>{note}'
        f'<div class="cards three">{cards}</div>{_pager(_author_url(author.handle), page, more=more)}</div>',
    )


def new_form(*, problem: str = "", author: str = "", title: str = "", text: str = "") -> str:
    """The form for a new post, with what was written so far when something was wrong with it."""
    notice = f'<p class="notice warn" role="alert">{escape(problem)}</p>' if problem else ""
    return _page(
        "New post",
        f'<div class="narrow"><h1>New post</h1>{notice}'
        '<form class="box form" method="post" action="/new" enctype="multipart/form-data">'
        '<label>Your name<input name="author" required maxlength="30" autocomplete="nickname" '
        f'value="{escape(author)}"></label>'
        f'<label>Title<input name="title" maxlength="120" dir="auto" value="{escape(title)}"></label>'
        f'<label>Story<textarea name="text" rows="7" dir="auto" maxlength="20000">{escape(text)}</textarea></label>'
        '<label class="file">Pictures<span class="hint">Up to four, JPEG, PNG, WebP or GIF, 8 MB each</span>'
        '<input type="file" name="picture" multiple accept="image/jpeg,image/png,image/webp,image/gif"></label>'
        '<div class="actions"><button class="button">Post</button><a href="/">Cancel</a></div></form></div>',
    )


def waiting_page(post: Post) -> str:
    """What the poster sees when the post is not to be seen yet."""
    if post.state == "pending":
        head, words = (
            "Thank you, we have it",
            (
                "Every post is checked before it appears. That takes a moment longer than usual just now; "
                "yours will appear by itself, there is nothing more to do."
            ),
        )
    else:
        head, words = (
            "Thank you, somebody will look at it",
            ("A moderator looks at your post before it appears. You need not post it again."),
        )
    return message_page(head, words)


def message_page(head: str, words: str) -> str:
    """A page that only says something."""
    return _page(
        head,
        f'<div class="narrow message">{_LOGO}<h1>{escape(head)}</h1><p>{escape(words)}</p>'
        '<p><a class="button quiet" href="/">Back to the lake</a></p></div>',
    )


_RULES = (
    '<section class="box"><h2>House rules</h2><p>Your own pictures, kind words. Posts are checked before they '
    "appear; what breaks the law does not stay.</p></section>"
)


def _page(title: str, body: str, *, hero: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css">'
        '<link rel="icon" href="/icon.svg" type="image/svg+xml"></head><body>'
        f'<header class="top"><div class="wide"><a class="brand" href="/">{_LOGO}<span>Lakeside</span></a>'
        '<nav><a href="/">Posts</a><a class="button small" href="/new">New post</a></nav></div></header>'
        f"{hero}<main>{body}</main>"
        '<footer><div class="wide">Lakeside is an example platform. Its posts are checked with Vigie.</div></footer>'
        "</body></html>"
    )


def icon() -> str:
    """The icon of the browser's tab."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="#bfe3ea"/>'
        '<circle cx="33" cy="16" r="5" fill="#f4a340"/><path fill="#2f6b5e" d="M1.2 31 13 15l8 9 6-6 19.8 13v.8H1.2z"/>'
        '<path fill="#1c7c94" d="M1.5 31.5h45A24 24 0 0 1 1.5 31.5z"/></svg>'
    )


def _card(post: Post) -> str:
    url = f"/p/{post.id}"
    if post.pictures:
        more = f'<span class="badge">{len(post.pictures)} pictures</span>' if len(post.pictures) > 1 else ""
        shown = (
            f'<a class="picture" href="{url}"><img src="/media/{post.pictures[0].id}" loading="lazy" '
            f'alt="{escape(post.title)}">{more}</a>'
        )
        words = ""
    else:
        shown, words = "", f'<p class="excerpt" dir="auto">{escape(_excerpt(post.text))}</p>'
    return (
        f'<article class="card">{shown}<div class="card-body"><h3 dir="auto"><a href="{url}">{escape(post.title)}</a>'
        f"</h3>{words}{_byline(post)}</div></article>"
    )


def _byline(post: Post) -> str:
    return (
        f'<p class="byline">{_avatar(post.handle)}<a href="{_author_url(post.handle)}" dir="auto">'
        f'{escape(post.handle)}</a><time datetime="{post.created_at}">{_day(post.created_at)}</time></p>'
    )


def _day(created_at: str) -> str:
    """`2026-11-22T10:00:00Z` -> `22 Nov 2026`."""
    year, month, day = created_at[:10].split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def _avatar(handle: str) -> str:
    hue = crc32(handle.lower().encode()) % _AVATAR_HUES
    return f'<span class="avatar hue-{hue}" aria-hidden="true">{escape(handle[:1].upper())}</span>'


def _author_url(handle: str) -> str:
    return f"/u/{quote(handle, safe='')}"


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT_CHARS else text[:_EXCERPT_CHARS].rsplit(" ", 1)[0] + " …"


def _paragraphs(text: str) -> str:
    paragraphs = (part.strip() for part in text.split("\n\n"))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


def _pager(url: str, page: int, *, more: bool) -> str:
    newer = f'<a href="{url}?page={page - 1}">← Newer</a>' if page > 1 else ""
    older = f'<a href="{url}?page={page + 1}">Older →</a>' if more else ""
    return f'<nav class="pager" aria-label="Pages">{newer}{older}</nav>' if newer or older else ""
