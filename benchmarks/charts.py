"""Charts of the benchmarks' page as SVG, made by Altair from results.

They show medians with least and greatest, on a logarithmic axis, because peers differ by orders of magnitude.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

_OURS_COLOUR, _PEER_COLOUR = "#1f6f8b", "#b9bec4"
_PEERS = ("threatexchange", "FAISS", "pdqhash", "imagehash", "Pillow", "numpy")
_WIDTH_PX, _ROW_PX = 520, 22

Record = Mapping[str, Any]


def charts_of(record: Record, *, titles_only: Literal["yes", "no"] = "no") -> dict[str, str]:
    """SVG by file name, one for each comparison of two or more; empty texts where only the names are wanted."""
    return {
        f"performance-{record['suite']}-{_slug(one['name'])}.svg": "" if titles_only == "yes" else _svg(one)
        for one in record["comparisons"]
        if len(one["rounds"]) > 1
    }


def _svg(one: Record) -> str:
    import altair
    import vl_convert

    rows = [
        {
            "who": who,
            "median": one["median"][who],
            "least": min(rounds),
            "most": max(rounds),
            "whose": "peer" if who.startswith(_PEERS) else "ours",
        }
        for who, rounds in one["rounds"].items()
    ]
    base = altair.Chart(altair.InlineData(values=rows)).encode(y=altair.Y("who:N", title=None, sort=None))
    colour = altair.Color(
        "whose:N",
        scale=altair.Scale(domain=["ours", "peer"], range=[_OURS_COLOUR, _PEER_COLOUR]),
        legend=None,
    )
    scale = altair.Scale(type="log", nice=True)
    points = base.mark_circle(size=110, opacity=1).encode(
        x=altair.X(
            "median:Q",
            title=f"{one['unit']}, logarithmic",
            scale=scale,
            axis=altair.Axis(format="~s", tickCount=5, labelOverlap=True),
        ),
        color=colour,
    )
    spread = base.mark_rule(strokeWidth=3).encode(x=altair.X("least:Q"), x2="most:Q", color=colour)
    numbers = base.mark_text(align="left", dx=10, dy=-9, fontSize=11).encode(
        x="median:Q", text=altair.Text("median:Q", format=",.4~g")
    )
    chart = (spread + points + numbers).properties(
        title=one["name"], width=_WIDTH_PX, height=_ROW_PX * len(rows) + 20
    )
    styled = chart.configure(background="#ffffff", font="sans-serif").configure_axis(labelLimit=260)
    svg = vl_convert.vegalite_to_svg(styled.to_dict())
    assert isinstance(svg, str)
    return svg


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
