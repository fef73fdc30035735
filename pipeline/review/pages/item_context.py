"""An item in the words and numbers that the templates of the item page show. Pure: no store, no page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from urllib.parse import quote

from models.finding import Message
from models.form import FORM_IDS, load_form, row_key
from models.report import Report
from models.verdict import unmapped_key
from pipeline.review.item_view import ItemView, Place, RowView, SumView, field_names, place_of
from pipeline.review.pages.form_table import cell_text
from pipeline.review.pages.item_options import marked_option, options_of
from pipeline.review.pages.site import Visit, say
from pipeline.review.pages.templates import Context
from pipeline.store.records import Document

Box = tuple[float, float, float, float]

_SETTLED = {"as_printed": "a_printed", "blank": "blank"}
# Crops of a finding: more would be a page of their own.
_MOST_CROPS = 12
_MOST_SUSPECTS = 5
# Left of a row, where its label is printed; above a column, where its header is; its first rows. Points.
_LABEL_ROOM, _HEADER_ROOM, _FIRST_ROWS = 215.0, 90.0, 24.0
# Rows of a column in doubt beside its neighbours; the page shows all of them.
_MOST_LINES = 5


def report_name(document: Document, visit: Visit) -> str:
    """What people call the report: agency and year, else its file."""
    if document.agency is None:
        return document.name
    return (
        document.agency
        if document.year is None
        else visit.pick(f"{document.agency} {document.year} 年", f"{document.agency} {document.year}")
    )


def desk_context(view: ItemView, visit: Visit, *, chosen: int) -> Context:
    """What the upper part of the desk shows; the place in the queue is added by the page."""
    name, path = _heading(view, visit)
    value = view.value
    return {
        "w": visit.words,
        "token": token_of(view),
        "typing": view.kind == "number",
        "name": name,
        "path": path,
        "why": say(view.why, visit),
        "printed": "" if value is None else value.printed,
        "crop": "" if view.kind == "finding" else crop_source(view.document, _with_labels(view, _item_place(view))),
        "crops": _crops(view, visit),
        "suspects": _suspects(view, visit),
        "row": _row(view, visit),
        **_column(view, visit),
        "options": options_of(view, visit),
        "chosen": marked_option(view, chosen),
        "small": view.kind != "number",
        "decided": _decided(view, visit),
        "proven": 0,
    }


def token_of(view: ItemView) -> str:
    """What a key press names, so that it can only be about what was shown."""
    return f"{view.key}|{view.version}"


def sums_context(sums: Sequence[SumView], visit: Visit, *, say_none: bool) -> Context:
    """The sums, each with its numbers; those that fail first."""
    order = {False: 0, None: 1, True: 2}
    return {
        "w": visit.words,
        "say_none": say_none,
        "sums": [_sum(s, visit) for s in sorted(sums, key=lambda s: order[s.holds])],
    }


def paper_data(view: ItemView, *, ahead: Sequence[str]) -> str:
    """What the browser needs to show the page: JSON of the address, the boxes, what to fetch ahead."""
    place = _item_place(view)
    fields = list(view.fields)
    marks: list[tuple[str, Box]] = []
    if place is not None and place.bbox is not None:
        marks = [*(("lit", box) for box in _lit(view, place)), ("box", place.bbox)]
    return json.dumps(
        {
            "src": page_source(view.document, place),
            "marks": marks,
            "fields": fields,
            "ahead": [source for source in ahead if source],
            "path": f"/d/{view.document.id}?item={quote(view.key, safe=':')}",
        },
        ensure_ascii=False,
    )


def page_source(document: Document, place: Place | None) -> str:
    """The address of the picture of a page; empty where there is none."""
    return f"/page/{document.id}/{place.page_no}" if place is not None and has_pictures(document) else ""


def crop_source(document: Document, place: Place | None) -> str:
    """The address of the picture of a cell; empty where there is none."""
    if place is None or place.bbox is None or not has_pictures(document):
        return ""
    return f"/crop/{document.id}/{place.page_no}?box=" + ",".join(f"{n:.2f}" for n in place.bbox)


def has_pictures(document: Document) -> bool:
    """True where the pages of the file can be drawn."""
    return document.media_type in {"application/pdf", "image"}


def places_ahead(report: Report, document: Document, fields: Sequence[Sequence[str]]) -> list[str]:
    """Addresses of pages and crops that the next items show."""
    places = [place_of(report.fields.get(ids[0])) for ids in fields if ids]
    return [source for p in places for source in (page_source(document, p), crop_source(document, p)) if source]


def _heading(view: ItemView, visit: Visit) -> tuple[str, str]:
    """(what it is, where it belongs)."""
    words, page = visit.words, _page_words(view, visit)
    if view.kind in {"number", "column"} and view.names:
        first = view.names[0]
        table = load_form(view.report.form).fields[first.field].table.heading
        return say(first.name if view.kind == "number" else first.column, visit), _joined(
            table, words.column_in_doubt if view.kind == "column" else "", page
        )
    if view.finding is not None:
        rule = view.finding.finding.rule
        name = next((say(s.name, visit) for s in view.sums if s.rule == rule), rule)
        return name, _joined(words.findings, words[view.finding.finding.severity], page)
    if view.row is not None:
        name = say(view.row.name, visit) if view.row.name else view.row.printed or "—"
        return name, _joined(words.row_in_doubt, page)
    return words.whole_report, view.key.partition(":")[2]


def _page_words(view: ItemView, visit: Visit) -> str:
    place = _item_place(view)
    return "" if place is None else visit.words.page_n.format(place.page_no)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _sum(view: SumView, visit: Visit) -> Context:
    terms: list[Context] = []
    for side, (sign, numbers) in enumerate((("", view.left), (" = ", view.right))):
        for place, term in enumerate(numbers):
            terms.append(
                {
                    "sign": " + " if place else sign if side or not terms else "",
                    "text": term.text,
                    "name": say(term.name, visit),
                    "here": term.is_here,
                    "doubt": term.state == "review" and not term.is_here,
                }
            )
    return {
        "holds": {True: "yes", False: "no", None: "open"}[view.holds],
        "left": view.left_sum if view.left_sum is not None else "?",
        "right": view.right_sum if view.right_sum is not None else "?",
        "difference": _signed(view.difference) if view.holds is False else "",
        "name": say(view.name, visit),
        "terms": terms,
    }


def _signed(number: str | None) -> str:
    if number is None:
        return ""
    return number if number.startswith("-") else f"+{number}"


def _row(view: ItemView, visit: Visit) -> Context | None:
    row = view.row
    if row is None or view.kind == "number":
        return None
    here = "" if row.name is None else say(row.name, visit)
    return {
        "printed": row.printed,
        "name": here,
        "score": None if row.score is None else f"{row.score:.2f}",
        "numbers": "\u2002".join(v or "□" for v in row.values),
        "neighbours": [
            {
                "name": say(name, visit),
                "printed": printed,
                "numbers": "\u2002".join(v or "□" for v in values),
                "here": say(name, visit) == here,
            }
            for name, printed, values in _nearest(row)
        ],
    }


def _column(view: ItemView, visit: Visit) -> Context:
    """The numbers of a column in doubt beside those of its neighbours, row by row."""
    beside = view.column.neighbours if view.column is not None else ()
    lines = zip_longest(*(numbers[:_MOST_LINES] for _, _, numbers in beside), fillvalue="")
    return {
        "column": [
            {"name": say(name, visit), "here": view.column is not None and key == view.column.key}
            for key, name, _ in beside
        ],
        "column_lines": [[n or "□" for n in line] for line in lines],
    }


def _nearest(row: RowView) -> Sequence[tuple[Message, str, tuple[str, ...]]]:
    """The row with the one above and the one below."""
    place = next((n for n, (name, _, _) in enumerate(row.neighbours) if name == row.name), 0)
    return row.neighbours[max(place - 1, 0) : place + 2]


def _crops(view: ItemView, visit: Visit) -> list[Context]:
    finding = view.finding
    if finding is None:
        return []
    names = {n.field: say(n.name, visit) for n in finding.names}
    return [
        {
            "field": field,
            "name": names.get(field, field),
            "src": crop_source(view.document, place),
            "text": cell_text(view.report.fields.get(field)),
        }
        for field, place in finding.places[:_MOST_CROPS]
    ]


def _suspects(view: ItemView, visit: Visit) -> list[Context]:
    """The smallest explanations of a finding; each leads to its first number."""
    if view.finding is None or view.report.form not in FORM_IDS:
        return []
    form = load_form(view.report.form)

    def words(field: str, suggested: str | None) -> str:
        name = say(field_names(form, field).name, visit) if field in form.fields else field
        return name if suggested is None else f"{name} → {suggested}"

    return [
        {"field": group[0].field, "text": " + ".join(words(s.field, s.suggested) for s in group)}
        for group in view.finding.finding.suspects[:_MOST_SUSPECTS]
        if group
    ]


def _decided(view: ItemView, visit: Visit) -> str:
    # A number of an open finding may have been settled; the finding has not.
    about = [v.verdict for v in view.decided_by if v.verdict.action != "skip" and not (view.finding and view.is_open)]
    if not about:
        return ""
    last = about[-1]
    words = visit.words[_SETTLED[last.action]] if last.action in _SETTLED else visit.words.decided
    return f"{words} · {last.who} · {last.at:%Y-%m-%d %H:%M} UTC{' · ' + last.why if last.why else ''}"


def _item_place(view: ItemView) -> Place | None:
    """Where to look: the cell, the whole row of a row in doubt, the first cell of a finding."""
    if view.kind in {"row", "column"}:
        cells = [p for i in view.fields if (p := place_of(view.report.fields.get(i))) is not None]
        page_no = cells[0].page_no if cells else None
        boxes = [p.bbox for p in cells if p.bbox is not None and p.page_no == page_no]
        return None if page_no is None else Place(page_no, _around(boxes))
    if view.finding is not None:
        return next((p for _, p in view.finding.places if p is not None), None)
    if view.kind == "unmapped":
        return next((Place(r.page_no, None) for r in view.report.unmapped_rows if unmapped_key(r) == view.key), None)
    return Place(1, None) if view.kind == "report" else view.place


def _with_labels(view: ItemView, place: Place | None) -> Place | None:
    """What to look at closely: a row in doubt with its printed label, a column in doubt with its header."""
    if place is None or place.bbox is None:
        return place
    x0, top, x1, bottom = place.bbox
    if view.kind == "row":
        return Place(place.page_no, (max(x0 - _LABEL_ROOM, 0), top, x1, bottom))
    if view.kind == "column":
        beside = 2 * (x1 - x0)
        return Place(place.page_no, (max(x0 - beside, 0), max(top - _HEADER_ROOM, 0), x1 + beside, top + _FIRST_ROWS))
    return place


def _lit(view: ItemView, place: Place) -> list[Box]:
    """The row and the column of the cell, as far as cells of them were read on its page."""
    if place.bbox is None or not view.fields or view.report.form not in FORM_IDS:
        return []
    form = load_form(view.report.form)
    here = form.fields[view.fields[0]]
    x0, top, x1, bottom = place.bbox
    row: list[Box] = []
    column: list[Box] = []
    for i, other in form.fields.items():
        if other.table.id != here.table.id:
            continue
        found = place_of(view.report.fields.get(i))
        if found is None or found.bbox is None or found.page_no != place.page_no:
            continue
        if view.kind != "column" and row_key(other.table, other.row) == row_key(here.table, here.row):
            row.append(found.bbox)
        if view.kind != "row" and other.column.id == here.column.id and other.block.id == here.block.id:
            column.append(found.bbox)
    lit: list[Box] = []
    if (band := _around(row)) is not None:
        lit.append((0.0, min(top, band[1]), band[2], max(bottom, band[3])))
    if (band := _around(column)) is not None:
        lit.append((min(x0, band[0]), band[1], max(x1, band[2]), band[3]))
    return lit


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
