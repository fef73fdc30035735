"""From printed sections to fields: which form the report is on, and which cell is which number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from models.form import Form, FormTable, field_id, row_key
from models.match import LabelScore, LeftoverRow, Matched, PrintedField
from models.table import PrintedRow, PrintedSection, PrintedValue
from models.value_text import is_blank, looks_like_value
from pipeline.match.columns import ColumnMatch, section_to_columns
from pipeline.match.rows import RowMatch, TableMatch, match_table

# Below these, a row or a column is a suggestion: its fields go to review.
ROW_SCORE, ROW_MARGIN = 0.75, 0.12
COLUMN_SCORE, COLUMN_MARGIN = 0.7, 0.1
# A header fitting another form's block better by this much belongs to that form.
_OTHER_FORM_LEAD = 0.25
# Below this fit a section has no header of the table; tables fitting worse than the best by this much are no
# candidates.
_NO_HEADER, _OTHER_TABLE_LAG = 0.3, 0.3
# With so many rows printed twice with other values the whole table is there twice: any row may be of the other one.
_REPEATED_ROWS = 2
# A second number inside a label: two labels have run into one.
_INNER_NUMBER = re.compile(r"[^\d.．、（(\s]\s*\d{1,2}[.．、]\D")
# The reader of tables without rulings.
_UNRULED_READER = "words"
# A report is on a form when its alignment reaches this total (about three rows without doubt).
FORM_TOTAL = 1.2


def match_report(
    sections: Sequence[PrintedSection],
    forms: Mapping[str, Form],
    *,
    row_threshold: tuple[float, float] = (ROW_SCORE, ROW_MARGIN),
    column_threshold: tuple[float, float] = (COLUMN_SCORE, COLUMN_MARGIN),
    form_min_total: float = FORM_TOTAL,
    year: int | None = None,
) -> Matched | None:
    """The best match of all sections against one of the forms; None where no form fits.

    Args:
        sections: In printed order.
        forms: The known forms by id.
        row_threshold: Least (similarity, margin) of a row whose fields may be accepted.
        column_threshold: The same for a column.
        form_min_total: Least alignment total of a report that is on a form at all.
        year: Year of the report; settles a tie between forms and nothing else.
    """
    candidates = [(form, _match_form(form, sections)) for form in forms.values()]
    totals = {form.id: sum(t.total for t in tables) for form, tables in candidates}
    if not totals or max(totals.values()) < form_min_total:
        return None

    def rank(item: tuple[Form, list[TableMatch]]) -> tuple[float, bool]:
        return round(totals[item[0].id], 6), year is not None and item[0].applies_to(year)

    form, tables = max(candidates, key=rank)
    others = [f for f in forms.values() if f.id != form.id]
    foreign = {i: f for i, s in enumerate(sections) if (f := _other_form(s, form, others)) is not None}
    return _to_fields(form, tables, sections, foreign, totals[form.id], row_threshold, column_threshold)


def _match_form(form: Form, sections: Sequence[PrintedSection]) -> list[TableMatch]:
    """Each section goes to the table that explains it best; then all rows of a table are aligned at once."""
    chosen: dict[str, list[tuple[int, PrintedSection]]] = {t.id: [] for t in form.tables}
    for index, section in enumerate(sections):
        likely = _likely_tables(form, section)
        if len(likely) == 1:
            chosen[likely[0].id].append((index, section))
        elif likely:
            best = max(((match_table(form, t, [(index, section)]).total, t) for t in likely), key=lambda x: x[0])
            if best[0] > 0:
                chosen[best[1].id].append((index, section))
    return [match_table(form, t, chosen[t.id]) for t in form.tables]


def _likely_tables(form: Form, section: PrintedSection) -> list[FormTable]:
    """Tables whose header the section may have; all of them where it has no header."""
    fits = {t.id: max(section_to_columns(section, b).quality for b in t.blocks) for t in form.tables}
    best = max(fits.values())
    if best < _NO_HEADER:
        return list(form.tables)
    return [t for t in form.tables if fits[t.id] >= best - _OTHER_TABLE_LAG]


def _other_form(section: PrintedSection, form: Form, others: Sequence[Form]) -> str | None:
    """The id of another form whose header this section has, or None where the form's own header fits."""
    own = max(section_to_columns(section, b).quality for t in form.tables for b in t.blocks)
    for other in others:
        best = max(section_to_columns(section, b).quality for t in other.tables for b in t.blocks)
        if best - own > _OTHER_FORM_LEAD:
            return other.id
    return None


def _to_fields(
    form: Form,
    tables: Sequence[TableMatch],
    sections: Sequence[PrintedSection],
    foreign: Mapping[int, str],
    total: float,
    row_threshold: tuple[float, float],
    column_threshold: tuple[float, float],
) -> Matched:
    cells: dict[str, PrintedField] = {}
    leftovers: list[LeftoverRow] = []
    uncertain: list[str] = []
    uncertain_columns: dict[str, None] = {}
    printed_rows: set[str] = set()
    variants = _printed_variants(form, tables)
    claimed = {i for t in tables for i in [m.section for m in t.matches] + [i for i, _ in t.leftover]}
    for table_match in tables:
        table = table_match.table
        for match in table_match.matches:
            key = row_key(table, match.form_row)
            if match.form_row.variant is not None and match.form_row.variant not in variants:
                # The parent row of the official form; values in it are kept as a row that fits nowhere.
                if any(not is_blank(v.text) for v in match.row.values):
                    leftovers.append(_leftover(table.id, match.row))
                continue
            printed_rows.add(key)
            section = sections[match.section]
            reasons = _row_reasons(table_match, match, section, foreign, row_threshold)
            if "label_uncertain" in reasons:
                uncertain.append(key)
            for field in _row_fields(table, match, section, reasons, column_threshold):
                if "column_uncertain" in field.reasons:
                    uncertain_columns[field.field_id] = None
                cells[field.field_id] = field
            leftovers += _unused_values(table, match)
        leftovers += [_leftover(table.id, row) for _, row in table_match.leftover if _says_something(row)]
    for index, section in enumerate(sections):
        if index not in claimed:
            leftovers += [_leftover("", row) for row in section.rows if _says_something(row)]
    missing = _missing_rows(form, printed_rows, variants)
    missing_tables = tuple(t.id for t in form.tables if not any(k.split(".")[0] == t.id for k in printed_rows))
    return Matched(
        form_id=form.id,
        cells=cells,
        leftovers=tuple(leftovers),
        missing_rows=missing,
        missing_tables=missing_tables,
        variants=variants,
        uncertain_rows=tuple(uncertain),
        other_form_blocks=tuple(sorted({f"{sections[i].title or i}:{f}" for i, f in foreign.items()})),
        total=total,
        uncertain_columns=tuple(uncertain_columns),
    )


def _row_reasons(
    table_match: TableMatch,
    match: RowMatch,
    section: PrintedSection,
    foreign: Mapping[int, str],
    row_threshold: tuple[float, float],
) -> set[str]:
    """Reason codes that hold for all fields of a row."""
    reasons = set()
    two_labels = any(_INNER_NUMBER.search(label) for label in match.row.labels[-1:])
    is_unlike = match.score < row_threshold[0] or match.margin < row_threshold[1]
    if two_labels or (is_unlike and not match.by_place):
        reasons.add("label_uncertain")
    if match.may_be_cut:
        reasons.add("row_may_be_cut")
    if _has_stray_value(match, section):
        reasons.add("value_beside")
    if match.section in foreign:
        reasons.add("other_form")
    if match.form_row.id in table_match.repeated or len(table_match.repeated) >= _REPEATED_ROWS:
        reasons.add("row_repeated")
    return reasons


def _has_stray_value(match: RowMatch, section: PrintedSection) -> bool:
    """True where a number of the row stands under no header: then the others may stand under a wrong one.

    Without rulings a column that is none of the form's is as bad, for its numbers may be a neighbour's.
    """
    used = {m.printed for m in match.columns.matches}
    strays = [v.column for v in match.row.values if looks_like_value(v.text) and v.column not in used]
    return any(c is None or section.reader == _UNRULED_READER or not _has_header(section, c) for c in strays)


def _has_header(section: PrintedSection, column: int) -> bool:
    # Where the header is cut off, values stand right of its last column.
    return column < len(section.columns) and bool(section.columns[column].path)


def _row_fields(
    table: FormTable,
    match: RowMatch,
    section: PrintedSection,
    row_reasons: set[str],
    column_threshold: tuple[float, float],
) -> list[PrintedField]:
    by_column: dict[int, list[PrintedValue]] = {}
    for value in match.row.values:
        if value.column is not None:
            by_column.setdefault(value.column, []).append(value)
    columns = match.columns.by_target()
    label = LabelScore(" / ".join(match.row.labels), round(match.score, 4), round(match.margin, 4))
    # Without geometry a value is known by its place in the row alone: one too many or too few shifts the rest.
    miscounted = section.header_in_reading_order and len(match.row.values) != len(match.block.columns)
    fields = []
    for index, column in enumerate(match.block.columns):
        reasons = set(row_reasons)
        if miscounted:
            reasons.add("value_count")
        found = columns.get(index)
        values = by_column.get(found.printed, []) if found is not None else []
        if not _is_sure_column(found, column_threshold):
            reasons.add("column_uncertain")
        found_value = _first_printed(values)
        if found_value is not None:
            reasons |= found_value.flags
        else:
            reasons.add("cell_missing")
        fields.append(
            PrintedField(
                field_id=field_id(table, match.form_row, column),
                text=None if found_value is None else found_value.text,
                reasons=frozenset(reasons),
                page_no=match.row.page_no if found_value is None else found_value.page_no,
                bbox=None if found_value is None else found_value.bbox,
                reader=section.reader,
                label=label,
                column_score=round(found.score, 4) if found is not None else 0.0,
                readings=() if found_value is None else found_value.readings,
                picture=None if found_value is None else found_value.picture,
            )
        )
    return fields


def _is_sure_column(found: ColumnMatch | None, threshold: tuple[float, float]) -> bool:
    if found is None:
        return False
    return found.by_place or (found.score >= threshold[0] and found.margin >= threshold[1])


def _first_printed(values: Sequence[PrintedValue]) -> PrintedValue | None:
    """The first value with any text, else the first blank one; None where the row has no cell there."""
    printed = [v for v in values if not is_blank(v.text)]
    return printed[0] if printed else values[0] if values else None


def _printed_variants(form: Form, tables: Sequence[TableMatch]) -> tuple[str, ...]:
    """Variants whose rows are printed with values while the replaced ones have none, or are not printed at all."""
    found = []
    keys = {row_key(t.table, m.form_row): m for t in tables for m in t.matches}
    for variant in form.variants:
        own = [keys[k] for k in variant.by if k in keys]
        replaced = [k for k in variant.replaces if k in keys]
        has_values = any(not is_blank(v.text) for m in own for v in m.row.values)
        replaced_has_values = any(not is_blank(v.text) for k in replaced for v in keys[k].row.values)
        if own and (not replaced or (has_values and not replaced_has_values)):
            found.append(variant.id)
    return tuple(found)


def _missing_rows(form: Form, printed: set[str], variants: Sequence[str]) -> tuple[str, ...]:
    replaced = {k for v in form.variants if v.id in variants for k in v.replaces}
    return tuple(
        key
        for t in form.tables
        for b in t.blocks
        for r in b.rows
        if r.variant is None and (key := row_key(t, r)) not in printed and key not in replaced
    )


def _unused_values(table: FormTable, match: RowMatch) -> list[LeftoverRow]:
    """Values of a matched row that stand under no column of the form."""
    used = {m.printed for m in match.columns.matches}
    lost = [v for v in match.row.values if not is_blank(v.text) and (v.column is None or v.column not in used)]
    if not lost:
        return []
    texts = tuple(v.text for v in lost)
    return [LeftoverRow(match.row.page_no, table.id, match.row.labels, texts, "no_column")]


def _says_something(row: PrintedRow) -> bool:
    return bool(row.labels) or any(not is_blank(v.text) for v in row.values)


def _leftover(table_id: str, row: PrintedRow) -> LeftoverRow:
    return LeftoverRow(row.page_no, table_id, row.labels, tuple(v.text for v in row.values), "no_row")
