"""Writes a report as a web page, in the encodings and the disorder of government sites."""

from __future__ import annotations

import html
import random
from pathlib import Path

from samples.document import Document, NewPage, Para
from samples.fonts import FONTS
from samples.producers.html_tables import Markup, sheet_to_html, tear_text

_NAVIGATION = (
    '<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/hdjl/">互动交流</a></li></ul><form><input type="text" value="请输入关键字"></form></div>\n'
    '<div class="crumbs">您当前的位置：首页 &gt; 政务公开 &gt; 信息公开年报</div>\n'
)
_FOOTER = (
    '<div class="share">分享到：微信 微博 【打印】【关闭】</div>\n<div class="related"><h3>相关链接</h3><ul>'
    "<li>上年度报告</li><li>信息公开指南</li></ul></div>\n"
    '<div class="footer">主办单位：政务公开办公室 网站标识码：0000000000 备案号：00000000</div>\n'
    '<script>var visits = 10234; document.write("");</script>\n'
)
_DEBRIS = (
    '<div style="display:none">第二十条第（一）项 信息内容 规章 99 99 99</div>\n'
    '<table style="display:none"><tr><td>自然人</td><td>88</td></tr></table>\n'
    '<style>.hidden { display: none }</style>\n<p class="hidden">全年收到申请77件</p>\n'
)
_CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "gb18030_undeclared": "gb18030"}
_DECLARED = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb2312"}
# Office exports in GB18030 call themselves gb2312; browsers read both alike.


def write_html(document: Document, path: Path) -> None:
    """Writes the report as an HTML file."""
    page = build_page(document, css=_screen_css(document))
    path.write_bytes(page.encode(_CODECS[document.style.file.encoding]))


def build_page(document: Document, css: str) -> str:
    """The whole page as text; ``css`` decides how it looks on screen or paper."""
    markup = Markup(document, random.Random(f"markup:{document.seed}"))
    settings = document.style.file
    declared = _DECLARED.get(settings.encoding)
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">\n' if declared else ""
    body = "\n".join(_item_to_html(item, markup) for item in document.items)
    if settings.layout_table:
        body = (
            '<table width="100%" cellpadding="0"><tr><td width="8%"><p>信息公开</p><p>年报</p></td><td>'
            f'<table width="100%"><tr><td>{body}</td></tr></table></td></tr></table>'
        )
    if settings.hidden_debris:
        body = _DEBRIS + body
    if settings.navigation:
        body = _NAVIGATION + body + _FOOTER
    title = html.escape(document.agency.title)
    meta = (
        f'<meta name="PubDate" content="{document.agency.published}">\n'
        f'<meta name="ContentSource" content="{document.agency.name}">\n'
    )
    opening = '<html xmlns:o="urn:schemas-microsoft-com:office:office">' if settings.markup == "word" else "<html>"
    head = f"{charset}<title>{title}</title>\n{meta}<style>\n{css}</style>\n"
    return f"<!DOCTYPE html>\n{opening}\n<head>\n{head}</head>\n<body>\n{body}\n</body>\n</html>\n"


def _item_to_html(item: object, markup: Markup) -> str:
    if isinstance(item, NewPage):
        return '<div style="page-break-after:always"></div>'
    if isinstance(item, Para):
        return _paragraph(item, markup)
    return sheet_to_html(item, markup)  # type: ignore[arg-type]  # the third kind of item is a sheet


def _paragraph(para: Para, markup: Markup) -> str:
    text = html.escape(para.text, quote=False)
    if para.underlined:
        text = f"<u>{text}</u>"
    if markup.kind == "word":
        pieces = (html.escape(p, quote=False) for p in tear_text(para.text, markup.rng))
        spans = "".join(f"<span style='font-size:16.0pt;font-family:仿宋'>{p}</span>" for p in pieces)
        return f'<p class="MsoNormal" style="text-indent:32.0pt">{spans}<o:p></o:p></p>'
    if para.role == "title":
        return f"<h1>{text}</h1>"
    if markup.kind == "unclosed":
        return f"<P>{text}"
    indent = "&emsp;&emsp;" if para.role in ("body", "heading") and para.text else ""
    return f'<p class="{para.role}">{indent}{text}</p>'


def _screen_css(document: Document) -> str:
    family = FONTS[document.style.pages.font].family
    return (
        f"body {{ font-family: '{family}', serif; max-width: 900px; margin: auto }}\n"
        "h1, .meta, .subtitle { text-align: center }\n.signature { text-align: right }\n"
        "table.sheet { border-collapse: collapse; width: 100% }\n"
        "table.sheet td, table.sheet th { border: 1px solid #000; text-align: center; font-weight: normal }\n"
    )
