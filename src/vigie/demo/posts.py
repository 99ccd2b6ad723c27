"""What is posted through the forum, and what must become of each: pure values.

It posts nothing. What a post must become is written down before anything is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from vigie.demo import edits
from vigie.demo.drawings import GREY_HERON, museum_plate, ticket
from vigie.demo.photographs import Photograph


class Expected(StrEnum):
    """What must become of a post."""

    PUBLISHED = "published, nothing matched"
    REFUSED = "refused before anybody sees it"
    FOUND = "found: held or refused"
    HELD = "held for a person"
    REVIEWED = "published, and a person asked"
    UNREADABLE = "not published: the picture cannot be read"
    MISSED = "known to be missed"


class Sort(StrEnum):
    """What kind of thing a post is, for counting."""

    PHOTOGRAPH = "photograph"
    EXACT = "exact copy"
    NEAR = "near copy"
    EDITED = "edited copy"
    EARLY = "posted before it was banked"
    UNCONFIRMED = "copy of an unconfirmed entry"
    HARMLESS = "known to be harmless"
    TEXT = "text"
    BROKEN = "undecodable file"


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `key` names it in the story; `copy_of` names the drawing it comes from."""

    key: str
    author: str
    title: str
    what: str
    sort: Sort
    expected: Expected
    text: str = ""
    picture: bytes | None = None
    copy_of: str = ""


# The banked text, as title and body of a post; the column, its pond and its dawn are invented.
BANKED_TITLE = "To all who wade with the column"
BANKED_TEXT = (
    "The Grey Heron Column stands in cold water until the pond is ours.\n"
    "Come at dawn, bring reeds, and tell no duck where we meet."
)

HANDLES = ("mallard", "sandpiper", "kingfisher", "reed warbler", "coot")
SUSPENDED_HANDLE = "heron_77"


@dataclass(frozen=True, slots=True)
class _Edited:
    """A drawing that somebody changed before posting it."""

    key: str
    author: str
    drawing: str
    how: str
    edit: Callable[[bytes], bytes]


_SAME_FILES = (("exact-emblem", "low_tide", "emblem"), ("exact-banner", "heron_77", "banner"))
_UNCONFIRMED = (
    ("unconfirmed-postcard", "estuary news", "postcard"),
    ("unconfirmed-stencil", "low_tide", "stencil"),
)
_NEAR = (
    _Edited(
        "near-recompressed",
        "low_tide",
        "march",
        "saved at quality 30",
        partial(edits.recompressed, quality=30),
    ),
    _Edited("near-small", "dawn_column", "leaflet", "resized to 25 %", partial(edits.resized, percent=25)),
    _Edited("near-large", "dawn_column", "poster", "resized to 200 %", partial(edits.resized, percent=200)),
    _Edited("near-grey", "low_tide", "banner", "made grey", edits.greyed),
    _Edited("near-bright", "dawn_column", "march", "20 % brighter", partial(edits.brightened, percent=20)),
    _Edited(
        "near-cropped",
        SUSPENDED_HANDLE,
        "poster",
        "cropped a little (3 %)",
        partial(edits.cropped, percent=3),
    ),
    _Edited(
        "near-watermark", "low_tide", "leaflet", "watermarked", partial(edits.watermarked, opacity_percent=35)
    ),
)
# What PDQ alone does not find: a caption, a mirror or a larger crop is all it takes.
_EDITED = (
    _Edited(
        "edited-caption",
        "dawn_column",
        "poster",
        "above a caption of 8 %",
        partial(edits.captioned, percent=8),
    ),
    _Edited("edited-mirror", "dawn_column", "emblem", "mirrored", edits.mirrored),
    _Edited("edited-crop", "low_tide", "banner", "cropped by 10 %", partial(edits.cropped, percent=10)),
)
_HARMLESS_TEXTS = (
    ("Morning at the lake", "Two herons on the jetty today, both asleep. The water was like glass."),
    (
        "Which lens for waders?",
        "I have a 300 mm and always want more. What do you take along for distant birds?",
    ),
)


def all_posts(photographs: Sequence[Photograph]) -> list[Post]:
    """Everything that is posted, in order."""
    return [
        *_photograph_posts(photographs),
        *_copy_posts(),
        *_edited_posts(_NEAR, sort=Sort.NEAR, expected=Expected.FOUND),
        *_edited_posts(_EDITED, sort=Sort.EDITED, expected=Expected.HELD),
        *_text_posts(),
        Post(
            "early-ticket",
            "low_tide",
            "Who is coming?",
            "a ticket of the column, not banked yet",
            Sort.EARLY,
            Expected.PUBLISHED,
            picture=ticket(),
        ),
        Post(
            "broken",
            "coot",
            "My camera broke off",
            "JPEG that breaks off",
            Sort.BROKEN,
            Expected.UNREADABLE,
            picture=edits.truncated(GREY_HERON["poster"]()),
        ),
    ]


def second_try() -> Post:
    """What the suspended author posts next: refused by the forum, whatever it is."""
    return Post(
        "second-try",
        SUSPENDED_HANDLE,
        "Me again",
        "any post",
        Sort.TEXT,
        Expected.REFUSED,
        text="Nothing to see.",
    )


def _photograph_posts(photographs: Sequence[Photograph]) -> list[Post]:
    return [
        Post(
            f"photograph-{number}",
            HANDLES[number % len(HANDLES)],
            f"Look: {one.name}",
            f"photograph: {one.name} ({one.origin})",
            Sort.PHOTOGRAPH,
            Expected.PUBLISHED,
            picture=one.data,
        )
        for number, one in enumerate(photographs)
    ]


def _copy_posts() -> list[Post]:
    return [
        *(
            _copy(key, author, name, "same file", sort=Sort.EXACT, expected=Expected.REFUSED)
            for key, author, name in _SAME_FILES
        ),
        Post(
            "exact-pixels",
            "dawn_column",
            "Found this",
            "the march, other file, same pixels",
            Sort.EXACT,
            Expected.REFUSED,
            picture=edits.as_png(GREY_HERON["march"]()),
            copy_of="march",
        ),
        *(
            _copy(
                key,
                author,
                name,
                "same file, entry not confirmed",
                sort=Sort.UNCONFIRMED,
                expected=Expected.HELD,
            )
            for key, author, name in _UNCONFIRMED
        ),
        Post(
            "harmless-plate",
            "kingfisher",
            "From the museum's book",
            "the emblem as a museum's plate, banked as harmless",
            Sort.HARMLESS,
            Expected.PUBLISHED,
            picture=museum_plate(),
            copy_of="emblem",
        ),
    ]


def _copy(key: str, author: str, name: str, how: str, *, sort: Sort, expected: Expected) -> Post:
    return Post(
        key,
        author,
        "Seen in town",
        f"the {name}, {how}",
        sort,
        expected,
        picture=GREY_HERON[name](),
        copy_of=name,
    )


def _edited_posts(edited: Sequence[_Edited], *, sort: Sort, expected: Expected) -> list[Post]:
    return [
        Post(
            one.key,
            one.author,
            "Pass it on",
            f"the {one.drawing}, {one.how}",
            sort,
            expected,
            picture=one.edit(GREY_HERON[one.drawing]()),
            copy_of=one.drawing,
        )
        for one in edited
    ]


def _text_posts() -> list[Post]:
    posts = [
        Post(
            f"text-{number}",
            HANDLES[number],
            title,
            "harmless text",
            Sort.TEXT,
            Expected.PUBLISHED,
            text=text,
        )
        for number, (title, text) in enumerate(_HARMLESS_TEXTS)
    ]
    spaced = "\n\n".join(line.replace(" ", "  ") for line in BANKED_TEXT.split("\n"))
    replaced = BANKED_TEXT.replace("no duck", "nobody")
    posts += [
        Post(
            "text-banked",
            "low_tide",
            BANKED_TITLE,
            "the banked text",
            Sort.TEXT,
            Expected.REVIEWED,
            text=BANKED_TEXT,
        ),
        Post(
            "text-spaced",
            "dawn_column",
            BANKED_TITLE.upper(),
            "the banked text, other case and spacing",
            Sort.TEXT,
            Expected.REVIEWED,
            text=spaced.upper(),
        ),
        Post(
            "text-reworded",
            "dawn_column",
            BANKED_TITLE,
            "the banked text with two words replaced by one",
            Sort.TEXT,
            Expected.MISSED,
            text=replaced,
        ),
    ]
    return posts
