"""A report as one HTML file that needs nothing else: no script, no address, charts inside, tables beside them. Pure.

Everything that it is given is text; nothing of it becomes markup.
"""

from html import escape

from vigie.reports.charts import svg
from vigie.reports.document import Chart, Document, Grid, Section

STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#1b2430;background:#fff}
h1{font-size:1.7rem;line-height:1.2}
h2{font-size:1.25rem;margin-top:2.5rem;border-top:1px solid #d6dae0;padding-top:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#56616f}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border-bottom:1px solid #d6dae0;padding:.35rem .5rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}figure{margin:1.5rem 0;background:#fff}figcaption{font-weight:600}
svg{max-width:40rem;width:100%;height:auto;background:#fff}
p.text{white-space:pre-line;max-width:44rem}footer{margin-top:3rem;color:#56616f;font-size:.9rem}
@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#12161c}dt,footer{color:#a5afbc}
h2,th,td{border-color:#333c48}figure{padding:.5rem;color:#1b2430}}
@media print{body{margin:0;max-width:none;color:#000;background:#fff}h2{break-after:avoid}tr,figure{break-inside:avoid}}
""".strip()


def html_bytes(document: Document) -> bytes:
    """The file, UTF-8."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in document.facts)
    sections = "\n".join(_section(place, one) for place, one in enumerate(document.sections, start=1))
    title = escape(document.title)
    page = (
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"<dl>{facts}</dl>\n{sections}\n</main>\n<footer>{escape(document.footer)}</footer>\n</body>\n</html>\n"
    )
    return page.encode()


def _section(place: int, section: Section) -> str:
    parts = [f"<section>\n<h2>{escape(section.heading)}</h2>"]
    parts += [f'<p class="text">{escape(one)}</p>' for one in section.paragraphs]
    parts += [_chart(one, f"chart-{place}-{number}") for number, one in enumerate(section.charts, start=1)]
    parts += [_grid(one) for one in section.grids]
    return "\n".join([*parts, "</section>"])


def _chart(chart: Chart, id_: str) -> str:
    return f"<figure><figcaption>{escape(chart.title)}</figcaption>{svg(chart, id_=id_)}</figure>"


def _grid(grid: Grid) -> str:
    def cell(tag: str, place: int, text: str) -> str:
        number = ' class="n"' if place >= grid.numbers_from else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{number}>{escape(text)}</{tag}>"

    head = "".join(cell("th", place, one) for place, one in enumerate(grid.header))
    body = "".join(
        "<tr>" + "".join(cell("td", place, one) for place, one in enumerate(row)) + "</tr>\n"
        for row in grid.rows
    )
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    return f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>'
