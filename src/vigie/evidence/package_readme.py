"""The README.txt of a package: what is in it, and how to check it with no database and no network. Pure."""

_TEXT = """\
Package {request} of preserved item {item}

WARNING: the folder "evidence" may hold terrorist content. Open it only if you are
allowed to and have to. Possessing or passing on such content can be an offence.

What is in it
  manifest.json   every file with its size and SHA-256, who may have it and why
  manifest.sig    Ed25519 signature of the manifest, hexadecimal
  evidence/       the bytes that were sealed, each under its reference
  ledger.jsonl    the ledger entries about it, one a line, each with the hash of the
                  entry before it, its own hash, and the proof that it stands in the ledger
  tree.json       the signed head of the tree over all entries, and the signed checkpoint

How to check it, with no database and no network
  vigie evidence verify FILE --public-key FILE
It names whatever is wrong. Vigie is free software; nothing of the sender's is needed.

Whose signature it is
  fingerprint of the public key: {fingerprint}
Compare it with what the sender tells you in another way than with this file. Without
that, the check shows only that the package is whole, not whose it is.

How to check it by hand
  1. signature: Ed25519 over "vigie-evidence-package-v1", a line end, and manifest.json
  2. files: the SHA-256 and the size of each, as manifest.json says; no file more or less
  3. an entry's hash: SHA-256 over the hash before it (32 bytes) and the canonical JSON
     (sorted keys, no spaces, UTF-8) of at, actor, event, facts, seq, subject
  4. an entry's place: RFC 6962 audit path from its hash to "root" in tree.json
  5. tree.json: Ed25519 over "vigie-tree-head-v1", a line end, and the canonical JSON of
     at, hash, root, through; the checkpoint over "vigie-checkpoint-v1", a line end, and
     the canonical JSON of at, hash, through
"""


def readme_text(request: str, item: str, fingerprint: str) -> str:
    """The text for one package."""
    return _TEXT.format(request=request, item=item, fingerprint=fingerprint)
