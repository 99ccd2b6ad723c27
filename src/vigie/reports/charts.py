"""Bars as SVG with title and description inside, the same bytes for the same values. Pure.

It draws whole numbers side by side and nothing else; no library that Vigie runs on draws, and this needs little.
"""

from html import escape

from vigie.reports.document import BAR_LABEL_CHARS_MAX, Chart

WIDTH = 640
_LABEL_WIDTH, _VALUE_WIDTH, _ROW, _BAR, _TOP = 280, 60, 26, 16, 6
_COLOUR, _INK, _LINE = "#1f6f8b", "#1b2430", "#b9bec4"


def svg(chart: Chart, *, id_: str) -> str:
    """The chart; `id_` makes the ids of its title and description unique on a page."""
    height = _TOP * 2 + _ROW * len(chart.bars)
    most = max((one.value for one in chart.bars), default=0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{id_}-title {id_}-text">',
        f'<title id="{id_}-title">{escape(chart.title)}</title>',
        f'<desc id="{id_}-text">{escape(chart.description)}</desc>',
        f'<line x1="{_LABEL_WIDTH}" y1="{_TOP}" x2="{_LABEL_WIDTH}" y2="{height - _TOP}" stroke="{_LINE}"/>',
    ]
    room = WIDTH - _LABEL_WIDTH - _VALUE_WIDTH
    for place, one in enumerate(chart.bars):
        top = _TOP + place * _ROW
        # In whole tenths, so that no machine rounds otherwise.
        tenths = room * 10 * one.value // most if most else 0
        width = f"{tenths // 10}.{tenths % 10}"
        middle = top + _ROW // 2 + 4
        label = one.label
        if len(label) > BAR_LABEL_CHARS_MAX:
            label = label[: BAR_LABEL_CHARS_MAX - 1].rstrip() + "…"
        parts.append(
            f'<text x="{_LABEL_WIDTH - 8}" y="{middle}" text-anchor="end" {_FONT}>{escape(label)}</text>'
            f'<rect x="{_LABEL_WIDTH}" y="{top + (_ROW - _BAR) // 2}" width="{width}" height="{_BAR}"'
            f' fill="{_COLOUR}"/>'
            f'<text x="{_LABEL_WIDTH + 6 + tenths // 10}" y="{middle}" {_FONT}>{one.value}</text>'
        )
    return "".join([*parts, "</svg>"])


_FONT = f'font-family="sans-serif" font-size="12" fill="{_INK}"'
