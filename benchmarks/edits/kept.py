"""Keeps what the peers found, where a result of the same pictures and edits has it: they take half an hour.

It refuses a result of anything else.
"""

from collections.abc import Mapping
from typing import Any

from vigie.foundation.errors import Invalid


def keep_peers(result: dict[str, Any], last: Mapping[str, Any]) -> None:
    """Put the peers of the last result into this one, with when they were measured; raises Invalid."""
    for name in ("seed", "pictures", "near_misses"):
        if result[name] != last[name]:
            raise Invalid(f"The last result has another {name}: measure the peers anew.")
    if [one["edit"] for one in result["rows"]] != [one["edit"] for one in last["rows"]]:
        raise Invalid("The last result has other edits: measure the peers anew.")
    theirs = [one for one in last["schemes"] if not one["ours"]]
    names = [one["name"] for one in theirs]
    result["schemes"] += theirs
    result["false_matches"] += [one for one in last["false_matches"] if one["scheme"] in names]
    for table in ("rows", "groups"):
        for row, before in zip(result[table], last[table], strict=True):
            row["recall"] |= {name: before["recall"][name] for name in names}
    result["made"]["peers"] = last["made"]["peers"]
    result["made"]["peers_at"] = last["made"].get("peers_at", last["made"]["at"])
