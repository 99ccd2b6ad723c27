"""The reference page of the re-upload table, from its result: pure.

It measures nothing and leaves no number out.
"""

import itertools
from collections.abc import Mapping
from typing import Any


def page(result: Mapping[str, Any]) -> str:
    """The reference page for a result."""
    photographs, edits_, made = len(result["photographs"]), len(result["rows"]), result["made"]
    false = result["false_matches"]
    lines = [
        "# What is found again: the re-upload table",
        "",
        "<!-- Written by benchmarks/reuploads.py; do not edit. -->",
        "",
        f"{photographs} different photographs were banked and confirmed, then each was posted again after"
        f" {edits_} edits, through a running Vigie: `POST /v1/content`, default policy, radius"
        f" {result['distance_bits_max']} bits, hashes of quality {result['quality_min']} or more. *Found* is an"
        " upload whose verdict was `hold` or `remove` because of the photograph it comes from. *Removed* is one at"
        " distance 0: only those are removed without a person. *pdqhash* is the peer, the reference implementation of"
        " PDQ, on the same files with the same limits.",
        "",
        "| edit | found | recall | removed | median bits | recall pdqhash | median bits pdqhash |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['edit']} | {row['found']} of {row['uploads']} | {row['recall']:.3f} | {row['removed']} |"
        f" {row['distance_bits_median']:g} | {row['peer_recall']:.3f} | {row['peer_distance_bits_median']:g} |"
        for row in result["rows"]
    ]
    total = result["total"]
    lines += [
        f"| all | {total['found']} of {total['uploads']} | {total['recall']:.3f} | {total['removed']} | | "
        f"{total['peer_recall']:.3f} | |",
        "",
        f"**False matches: {false['uploads']}** of {false['uploads_compared']:,} comparisons of an edited file with"
        f" another photograph, **{false['pairs']}** of {false['pairs_compared']:,} pairs of photographs (pdqhash:"
        f" {false['peer_uploads']} and {false['peer_pairs']}). The nearest two photographs are"
        f" {false['nearest_pair_bits']} bits apart; the nearest edited file is {false['nearest_upload_bits']} bits from"
        " a photograph that it does not come from.",
        "",
        "A caption bar moves every line of the picture, and PDQ does not find it; nor does it find mirrors, turns and"
        " larger crops. Edits are those of `vigie.demo.edits`: a crop of 3 % takes 1.5 % from each side; a caption bar"
        " is added below and leaves the picture whole; all but WebP are saved as JPEG of quality 90.",
        "",
        "## How it was measured",
        "",
        f"- `make reuploads`, seed {result['seed']}, {made['took_s']:.0f} s, on {made['at'][:10]}",
        f"- commit `{made['commit'][:12]}`{' with changes not committed' if made['dirty'] else ''}",
        f"- {made['machine']['processor']}, {made['machine']['cores']} cores, {made['machine']['memory_gb']} GB",
        "- " + ", ".join(f"{name} {number}" for name, number in made["versions"].items()),
        f"- an upload took {result['took_ms_median']:.0f} ms (median, with decoding, matching, rules, and the case with"
        " its sealed evidence)",
        "",
        "Photographs, by origin:",
        "",
    ]
    by_origin = itertools.groupby(result["photographs"], key=lambda one: one["origin"])
    lines += [f"- {origin}: " + ", ".join(one["name"] for one in group) for origin, group in by_origin]
    if result["absent"]:
        lines += ["", "Not there when this was measured: " + ", ".join(result["absent"]) + "."]
    if photographs < result["wanted"]:
        lines += ["", f"Fewer than {result['wanted']} photographs were there."]
    return "\n".join(lines) + "\n"
