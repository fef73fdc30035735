"""Walks an HTML tree over what a browser would show, in document order, without recursion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from lxml import etree

# Elements whose content is never shown as text of the page. <noscript> is for those who have no browser; an <option> is
# shown by its <select> alone.
_NEVER_SHOWN = frozenset(
    [
        "head",
        "title",
        "script",
        "style",
        "template",
        "noscript",
        "noframes",
        "noembed",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "canvas",
        "audio",
        "video",
        "datalist",
        "colgroup",
        "col",
        "rp",
        "option",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "ul",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_INVISIBLE_CONTENT = re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_DISPLAY = re.compile(r"display\s*:\s*([a-z-]+)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|sub)\b", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


class Event(NamedTuple):
    """A step of the walk: an element begins or ends, or a text stands in it (``text``, empty for the other two)."""

    kind: Literal["start", "end", "text"]
    element: etree._Element
    text: str = ""


def walk_visible(root: etree._Element) -> Iterator[Event]:
    """``start``, ``text`` and ``end`` events of all shown elements; a text event names the element around the text."""
    stack: list[tuple[etree._Element, Iterator[etree._Element]]] = []
    yield from _enter(root, stack)
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            yield Event("end", parent)
            stack.pop()
            following = parent
        else:
            if is_shown(child):
                yield from _enter(child, stack)
                continue
            following = child
        if stack and following.tail:
            yield Event("text", stack[-1][0], following.tail)


def _enter(element: etree._Element, stack: list[tuple[etree._Element, Iterator[etree._Element]]]) -> Iterator[Event]:
    yield Event("start", element)
    if hides_only_content(element):
        # The cell keeps its place in the table, its text is not seen.
        stack.append((element, iter(())))
        return
    stack.append((element, iter(element)))
    if element.text:
        yield Event("text", element, element.text)


def is_shown(element: etree._Element) -> bool:
    """False for comments, scripts, hidden elements and everything else that puts no text on the page."""
    tag = tag_of(element)
    if not tag or tag in _NEVER_SHOWN or "hidden" in element.attrib:
        return False
    if tag == "input" and (element.get("type") or "").strip().lower() == "hidden":
        return False
    style = element.get("style")
    return not (style and _HIDDEN.search(style) and not hides_only_content(element))


def hides_only_content(element: etree._Element) -> bool:
    """True for a cell with ``visibility: hidden``: unlike ``display: none`` it keeps its place."""
    style = element.get("style")
    if not style or tag_of(element) not in {"td", "th"} or "none" in _DISPLAY.findall(style.lower()):
        return False
    return _INVISIBLE_CONTENT.search(style) is not None


def tag_of(element: etree._Element) -> str:
    """Lower-case tag without namespace prefix; empty for comments and the like."""
    tag: object = element.tag  # the stubs say str, but comments and processing instructions have a function
    return tag.lower().rpartition("}")[2] if isinstance(tag, str) else ""


def is_block(element: etree._Element) -> bool:
    """True where the element begins and ends a line; an inline ``display`` overrules the tag, as in a browser."""
    tag = tag_of(element)
    style = element.get("style")
    found = _DISPLAY.search(style) if style else None
    # A cell stays a block: text of two cells must never be glued, whatever its style says.
    if found is None or tag in {"td", "th", "tr", "table", "br"}:
        return tag in _BLOCKS
    return not found.group(1).lower().startswith(("inline", "contents"))


def is_raised(element: etree._Element) -> bool:
    """True for superscript and subscript, by tag or by style of an inline element."""
    tag = tag_of(element)
    if tag in {"sup", "sub"}:
        return True
    style = element.get("style")
    return tag not in _BLOCKS and bool(style) and _RAISED.search(style or "") is not None


def is_struck(element: etree._Element) -> bool:
    """True for text printed and crossed out."""
    if tag_of(element) in {"del", "s", "strike"}:
        return True
    style = element.get("style")
    return bool(style) and _STRUCK.search(style or "") is not None


def keeps_newlines(element: etree._Element) -> bool:
    """True where line ends of the source are shown: <pre>, <textarea>, ``white-space: pre``."""
    if tag_of(element) in {"pre", "textarea", "listing", "xmp"}:
        return True
    style = element.get("style")
    return bool(style) and _PRE.search(style or "") is not None
