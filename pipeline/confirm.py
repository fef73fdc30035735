"""Other readers where the first leaves doubts, and the comparison of what two readers read in the same cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.document import Opened
from models.form import load_forms
from models.grid import Grid
from models.learnt_labels import forms_with
from models.match import Matched, OtherReading, PrintedField
from models.report import FailureRecord
from models.table import PrintedSection
from models.text import squeeze
from models.value_text import is_blank
from pipeline.config import Settings
from pipeline.extract.pdf_recheck import reread_cells
from pipeline.match.sections_to_fields import match_report
from pipeline.read_pdf import PdfReading, attempt
from pipeline.tables.lines_to_sections import lines_to_sections
from pipeline.tables.opened_to_sections import grids_to_sections

_DIFFER = "readers_differ"
_OVERPRINTED = "overprinted"
_FIRST_READER, _UNRULED_READER = "pdfplumber", "words"
# Reason codes of a cell that another reader of the same file cannot clear up: they tell what is printed.
_PRINTED_SO = frozenset(
    {_DIFFER, "cut_by_page", "other_form", "superscript", "row_repeated", "spans_rows", "overprinted", "struck_text"}
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The best match and the failures met on the way to it."""

    matched: Matched | None
    failures: tuple[FailureRecord, ...] = ()


def confirm_pdf(pdf: PdfReading, first: Matched | None, settings: Settings, year: int | None) -> Confirmed:
    """The best match of a PDF among its readers, cells on which readers differ marked.

    The rulings that the file draws are read first. Where that leaves rows or columns open, camelot and the bare word
    positions are tried; with ``extract.cross_check`` camelot is asked in any case. Each number is read once more by
    pypdfium2.
    """
    failures: list[FailureRecord] = []
    best = first
    readers: list[tuple[str, Callable[[], tuple[Grid, ...]], bool]] = [
        ("camelot", pdf.with_camelot, settings.extract.camelot_fallback),
        ("words", pdf.with_words_alone, True),
    ]
    cross_check = settings.extract.cross_check
    for name, reader, allowed in readers:
        must = cross_check and name == "camelot"
        if not pdf.contents or not (must or (allowed and not is_complete(best))):
            continue
        grids, failure = attempt(reader, name)
        if failure is not None:
            failures.append(failure)
            continue
        other = _match(grids_to_sections(grids), settings, year)
        best = _better(best, other)
    if best is None:
        return Confirmed(None, tuple(failures))
    return Confirmed(_reread(pdf, _with_page_doubts(pdf, best)), tuple(failures))


def confirm_text(
    opened: Opened, sections: Sequence[PrintedSection], first: Matched | None, settings: Settings, year: int | None
) -> Confirmed:
    """The best match of a file without geometry: where its grids miss a table, its lines may hold it."""
    if is_complete(first):
        return Confirmed(first)
    # The lines of a picture are words at their places, read into grids already.
    lines = lines_to_sections([line for line in opened.lines if line.bbox is None])
    if not lines:
        return Confirmed(first)
    return Confirmed(_better(first, _match([*sections, *lines], settings, year)))


def is_complete(matched: Matched | None) -> bool:
    """True where every row and column of the form was found without structural doubt."""
    return (
        matched is not None
        and not matched.missing_rows
        and not matched.uncertain_rows
        and not matched.uncertain_columns
        and all(c.text is not None and c.reasons <= _PRINTED_SO for c in matched.cells.values())
    )


def _match(sections: Sequence[PrintedSection], settings: Settings, year: int | None) -> Matched | None:
    mapping = settings.mapping
    return match_report(
        sections,
        forms_with(settings.mapping.row_aliases),
        row_threshold=(mapping.row_accept_score, mapping.row_accept_margin),
        column_threshold=(mapping.column_accept_score, mapping.column_accept_margin),
        form_min_total=mapping.form_min_total,
        year=year,
    )


def _better(first: Matched | None, other: Matched | None) -> Matched | None:
    """For each table of the form the reading with more cells beyond doubt; cells read differently are marked."""
    if first is None or other is None:
        return other if first is None else first
    if first.form_id != other.form_id:
        return max(first, other, key=lambda m: sum(_worth(m).values()))
    worth, worth_other = _worth(first), _worth(other)
    replaced = {t for t in worth_other if worth_other[t] > worth.get(t, 0)}
    if any(c.reader == _UNRULED_READER for c in other.cells.values()):
        # Bare word positions never replace what follows rulings, however unsure that is.
        replaced -= {table_of(i) for i, c in first.cells.items() if c.reader != _UNRULED_READER}
    return _merged(first, other, frozenset(replaced))


def _worth(matched: Matched) -> Counter[str]:
    """Number of cells that could be accepted, for each table."""
    return Counter(
        table_of(c.field_id) for c in matched.cells.values() if c.text is not None and not c.reasons - _PRINTED_SO
    )


def _merged(first: Matched, other: Matched, replaced: frozenset[str]) -> Matched:
    """The first match with some tables taken from the other one."""

    def pick(of: Callable[[Matched], Sequence[str]]) -> tuple[str, ...]:
        return (
            *(k for k in of(first) if table_of(k) not in replaced),
            *(k for k in of(other) if table_of(k) in replaced),
        )

    cells = {i: _compared(c, other.cells.get(i)) for i, c in first.cells.items() if table_of(i) not in replaced}
    cells |= {i: _compared(c, first.cells.get(i)) for i, c in other.cells.items() if table_of(i) in replaced}
    leftovers = (
        *(r for r in first.leftovers if r.table not in replaced),
        *(r for r in other.leftovers if r.table in replaced),
    )
    return replace(
        first,
        cells=cells,
        leftovers=leftovers,
        missing_rows=pick(lambda m: m.missing_rows),
        missing_tables=tuple(t for t in first.missing_tables if t not in replaced),
        uncertain_rows=pick(lambda m: m.uncertain_rows),
        uncertain_columns=pick(lambda m: m.uncertain_columns),
        variants=tuple(
            v.id
            for v in load_forms()[first.form_id].variants
            if v.id in (other if table_of(v.by[0]) in replaced else first).variants
        ),
        other_form_blocks=tuple(dict.fromkeys((*first.other_form_blocks, *other.other_form_blocks))),
        total=max(first.total, other.total),
    )


def table_of(key: str) -> str:
    """The table of a field id or a row key."""
    return key.partition(".")[0]


def _compared(cell: PrintedField, other: PrintedField | None) -> PrintedField:
    if other is not None and other.reasons & _PRINTED_SO:
        # What one reader saw in the print, or a third one said against it, stays said.
        cell = replace(cell, reasons=cell.reasons | (other.reasons & _PRINTED_SO), others=(*cell.others, *other.others))
    if cell.text is None or other is None or other.text is None or squeeze(cell.text) == squeeze(other.text):
        return cell
    if cell.readings:
        # Read from the pixels of a scan: readers of the text layer know nothing of it.
        return cell
    # A reader that is unsure of row, column or cell says nothing against one that follows rulings and is sure of all
    # three; against bare word positions any other reading counts.
    if other.reasons and not cell.reasons and cell.reader != _UNRULED_READER:
        return cell
    return replace(
        cell,
        reasons=cell.reasons | {_DIFFER},
        others=(*cell.others, OtherReading(other.reader, other.text)),
    )


def _with_page_doubts(pdf: PdfReading, matched: Matched) -> Matched:
    """The match with all cells of pages marked on which text lies on text: no reader can tell what belongs where."""
    doubtful = {c.page_no for g in pdf.opened.grids for c in g.cells if _OVERPRINTED in c.flags}
    if not doubtful:
        return matched
    cells = {
        i: replace(c, reasons=c.reasons | {_OVERPRINTED}) if c.page_no in doubtful else c
        for i, c in matched.cells.items()
    }
    return replace(matched, cells=cells)


def _reread(pdf: PdfReading, matched: Matched) -> Matched:
    """The match with cells marked that pypdfium2 reads otherwise.

    Turned pages are left out: their boxes are not pypdfium2's.
    """
    turned = {c.page_no for c in pdf.contents if c.quarter_turns}
    asked = [
        (i, c.page_no, c.bbox, c.text)
        for i, c in matched.cells.items()
        if c.text is not None
        and c.bbox is not None
        and c.page_no not in turned
        and not c.readings
        and (not is_blank(c.text) or c.reader != _FIRST_READER)
    ]
    differing = reread_cells(pdf.data, asked)
    if not differing:
        return matched
    cells = dict(matched.cells)
    for i, text in differing.items():
        cell = cells[i]
        cells[i] = replace(
            cell, reasons=cell.reasons | {_DIFFER}, others=(*cell.others, OtherReading("pypdfium2", text))
        )
    return replace(matched, cells=cells)
