"""The charts of the page, as SVG: recall of each group of edits, a bar a scheme.

It draws what the result says and computes nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Ours dark to strong, peers pale; as many as there are schemes.
_COLOURS = (
    "#0b3c49",
    "#2a8fa8",
    "#e07a1f",
    "#7a2f8f",
    "#8a8a8a",
    "#c2c2c2",
    "#a9c5a0",
    "#d8c9a8",
    "#b9a7cc",
    "#d9a5a5",
)


def write_charts(result: Mapping[str, Any], folder: Path) -> Path:
    """Draw `edits-recall.svg` and return its path."""
    import altair
    import vl_convert

    values = [
        {"group": group["group"], "scheme": scheme, "recall": recall}
        for group in result["groups"]
        for scheme, recall in group["recall"].items()
    ]
    names = [one["name"] for one in result["schemes"]]
    chart = (
        altair.Chart(altair.Data(values=values))
        .mark_bar()
        .encode(
            y=altair.Y("group:N", title=None, sort=None, axis=altair.Axis(labelLimit=260)),
            yOffset=altair.YOffset("scheme:N", sort=names),
            x=altair.X("recall:Q", title="found again, mean of the group", scale=altair.Scale(domain=[0, 1])),
            color=altair.Color(
                "scheme:N",
                title=None,
                sort=names,
                scale=altair.Scale(domain=names, range=list(_COLOURS[: len(names)])),
            ),
        )
        .properties(width=520, height=altair.Step(max(5, 40 // len(names))))
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "edits-recall.svg"
    path.write_text(vl_convert.vegalite_to_svg(chart.to_json()) + "\n")
    return path
