"""The digest of a question stays what it was since the first upload was kept: SHA-256 of canonical JSON."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from vigie.flows.examination import Examined, Upload, UploadedMedium, question_digest
from vigie.foundation.canonical import canonical_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MEDIA = st.builds(
    UploadedMedium,
    TEXTS,
    data=st.binary(max_size=20),
    signals=st.none() | st.dictionaries(TEXTS, st.binary(max_size=8), max_size=4),
)


@given(
    st.builds(
        Upload,
        st.just("forum"),
        TEXTS,
        kind=TEXTS,
        author_id=TEXTS,
        text=TEXTS | st.just("\ud800"),
        links=st.lists(TEXTS, max_size=3).map(tuple),
        media=st.lists(MEDIA, max_size=3).map(tuple),
    )
)
def test_it_is_that_of_canonical_json(upload: Upload) -> None:
    asked = {
        "author": upload.author_id,
        "kind": upload.kind,
        "links": list(upload.links),
        "media": [
            {
                "bytes": hashlib.sha256(one.data).hexdigest() if one.data else "",
                "id": one.id,
                "signals": {name: value.hex() for name, value in (one.signals or {}).items()},
            }
            for one in upload.media
        ],
        "text": upload.text.encode("utf-8", "surrogatepass").hex(),
    }
    examined = [Examined(one, None, "") for one in upload.media]
    assert question_digest(upload, examined) == hashlib.sha256(canonical_json(asked)).hexdigest()
