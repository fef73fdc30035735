"""A notice as one HTML file to be read and printed: no script, no link, pictures inside."""

from __future__ import annotations

import base64
from html import escape

from models.notice import Notice, NoticeFinding, NoticeValue
from pipeline.export import notice_words as words

_STYLE = """
@page{size:A4;margin:25mm 22mm}
body{font:12pt/1.7 "Noto Serif CJK SC","SimSun",serif;max-width:170mm;margin:2rem auto;padding:0 1rem;color:#111}
h1{font-size:17pt;text-align:center}h2{font-size:12pt;margin:1.2em 0 .4em}
table{border-collapse:collapse;width:100%;font-size:10.5pt}
th,td{border:1px solid #888;padding:.2em .5em;text-align:left;overflow-wrap:anywhere}
th{background:#eee}td.n{text-align:right;white-space:nowrap}
img{max-width:60mm;max-height:16mm;display:block}section{break-inside:avoid}
p.closing{margin-top:2em}p.date{text-align:right}
@media print{body{margin:0;max-width:none;padding:0}}
"""
# Nothing may be loaded or run, whatever stands in the texts.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def notice_html(notice: Notice) -> str:
    """The page as text; everything that comes from a report is escaped."""
    body = "\n".join(_finding(n, f) for n, f in enumerate(notice.findings, 1)) or f"<p>{escape(words.NOTHING)}</p>"
    closing = f'<p class="closing">{escape(words.CLOSING)}</p>' if notice.findings else ""
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        f"<title>{escape(words.HEADING)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(words.HEADING)}</h1>\n<p>{escape(words.salutation(notice))}</p>\n"
        f"<p>{escape(words.opening(notice))}</p>\n{body}\n{closing}\n"
        f'<p class="date">{escape(notice.date)}</p>\n</body>\n</html>\n'
    )


def _finding(number: int, finding: NoticeFinding) -> str:
    parts = [f"<section>\n<h2>{escape(words.finding_heading(number, finding))}</h2>"]
    if finding.values:
        head = "".join(f"<th>{escape(name)}</th>" for name in words.VALUES)
        rows = "\n".join(map(_row, finding.values))
        parts.append(f"<table>\n<tr>{head}</tr>\n{rows}\n</table>")
    if finding.explanations:
        listed = "".join(f"<li>{escape(text)}</li>" for text in finding.explanations)
        parts.append(f"<p>{escape(words.EXPLANATIONS)}：</p>\n<ul>{listed}</ul>")
    if finding.note:
        parts.append(f"<p>{escape(words.NOTE)}：{escape(finding.note)}</p>")
    return "\n".join([*parts, "</section>"])


def _row(value: NoticeValue) -> str:
    name, printed, page = map(escape, words.value_cells(value))
    picture = ""
    if value.png is not None:
        data = base64.b64encode(value.png).decode("ascii")
        picture = f'<img alt="{name}" src="data:image/png;base64,{data}">'
    return f'<tr><td>{name}</td><td class="n">{printed}</td><td>{page}</td><td>{picture}</td></tr>'
