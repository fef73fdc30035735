"""Draws one report from a style and a seed: numbers, wording, prose and tables. The same seed gives the same report."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.form import Form, load_form
from samples.agencies import Agency, chinese_date, draw_agency
from samples.document import Document, Item, NewPage, Para
from samples.figures import draw_numbers, draw_scale, plant_faults
from samples.fonts import FONTS, font_keys, installed_font
from samples.foreign import build_legacy_items, build_metadata_sheet, build_statistics_sheet
from samples.identities import Numbers, Violation, broken_sums, leaf_rows
from samples.labels import SECTIONS, print_labels, vary_labels
from samples.printing import Printed, absent_rows, print_cells
from samples.prose import Prose, write_prose
from samples.sheets import SheetInput, build_sheets
from samples.style import Scale, Style, TableId

_YEARS: dict[str, tuple[int, ...]] = {"gk2021": (2021, 2022, 2023, 2024, 2025), "gk2019": (2019, 2020)}
_WRONG_YEARS: dict[str, tuple[int, ...]] = {"gk2021": (2020,), "gk2019": (2021, 2022)}
_LEGACY_YEARS: tuple[int, ...] = (2015, 2016, 2017, 2018)
_LEGACY_BASIS = "省政府办公厅有关通知"
_COVER_LINES = 9  # empty lines above the title on a cover
_SIZES: tuple[float, ...] = (8.0, 8.5, 9.0, 9.5, 10.5)


@dataclass(frozen=True)
class _Cells:
    """The numbers of a report and how they are printed."""

    numbers: Numbers
    printed: Printed
    absent: frozenset[str]
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class _Front:
    """What stands above a report: office, year, and whether the document number is printed."""

    agency: Agency
    year: int
    numbered: bool


def draw_report(style: Style, seed: int) -> Document:
    """The report that this style and seed give."""
    rng = random.Random(f"{style.name}:{seed}")
    resolved = resolve_style(style, rng)
    form = load_form(resolved.form)
    years = _LEGACY_YEARS if resolved.legacy else (_WRONG_YEARS if resolved.wrong_year else _YEARS)[form.id]
    year = rng.choice(years)
    scale = draw_scale(resolved, rng)
    agency = draw_agency(year, scale, rng)
    if resolved.legacy:
        return _draw_legacy(resolved, seed, form, agency, year, rng)
    cells = _draw_cells(form, resolved, scale, rng)
    # A hybrid block prints numbers of its own; the prose must not state those it replaces.
    unprinted = "proactive.normative_documents." if resolved.tables.hybrid else "-"
    told = {cell: number for cell, number in cells.numbers.items() if not cell.startswith(unprinted)}
    prose = write_prose(form.issued_by, agency, year, told, rng, conflict=resolved.prose_conflict)
    numbered = rng.random() < 0.5 or resolved.pages.foreign_table
    items = _compose(form, resolved, _Front(agency, year, numbered), cells, prose, rng)
    review = cells.printed.review
    if resolved.pages.two_reports:
        items += [NewPage(), *_draw_previous_year(form, resolved, _Front(agency, year, numbered=False), scale, rng)]
    pages = resolved.pages
    if pages.two_reports or pages.raster or pages.private_use or resolved.file.cells == "glued":
        review = tuple(cell for cell, text in cells.printed.truth.items() if text is not None)
    pictured = tuple(c for c, t in cells.printed.truth.items() if t is not None and c.startswith(_prefixes(resolved)))
    return Document(
        style=resolved,
        seed=seed,
        agency=agency,
        year=year,
        items=tuple(items),
        truth=cells.printed.truth,
        review=tuple(dict.fromkeys((*review, *pictured))),
        violations=cells.violations,
        prose=prose,
        numbers=cells.numbers,
        document_number=agency.document_number if numbered else None,
    )


def resolve_style(style: Style, rng: random.Random) -> Style:
    """The style with wording, font and type size filled in where it leaves them to the seed."""
    labels = vary_labels(style.labels, rng) if style.vary else style.labels
    keys = font_keys(truetype_only=style.producer == "reportlab")
    if style.labels.radicals:
        keys = tuple(key for key in keys if FONTS[key].radicals)
    chosen = rng.choice(keys)
    size = rng.choice(_SIZES)
    pages = replace(style.pages, font=installed_font(style.pages.font or chosen), size=style.pages.size or size)
    return replace(style, labels=labels, pages=pages)


def _prefixes(style: Style) -> tuple[str, ...]:
    return tuple(f"{table}." for table in style.tables.pictures)


def _draw_cells(form: Form, style: Style, scale: Scale, rng: random.Random) -> _Cells:
    leaves = leaf_rows(form, merged_other=style.tables.merged_other)
    numbers = draw_numbers(form, style, scale, rng)
    absent = absent_rows(style, numbers, leaves, rng)
    planted = plant_faults(numbers, leaves, style.values.faults, rng)
    printed = print_cells(form, style, planted, absent, rng)
    return _Cells(planted, printed, absent, tuple(broken_sums(planted, leaves)))


def _compose(form: Form, style: Style, front: _Front, cells: _Cells, prose: Prose, rng: random.Random) -> list[Item]:
    agency = front.agency
    labels = print_labels(form, style.labels, rng)
    sheets = build_sheets(SheetInput(form, style, labels, cells.printed.shown, cells.absent), rng)
    overview, problems, other = (labels[section] for section in SECTIONS)
    items: list[Item] = []
    if style.pages.cover:
        items += [
            *[Para("")] * _COVER_LINES,
            Para(agency.title, "title"),
            Para(""),
            Para(agency.name, "subtitle"),
            Para(f"{front.year + 1}年1月", "subtitle"),
            NewPage(),
        ]
    if style.pages.foreign_table:
        items.append(build_metadata_sheet(agency, rng))
    items.append(Para(agency.title, "title"))
    if not style.pages.foreign_table:
        items.append(Para(f"发布日期：{agency.published}", "meta"))
    if front.numbered and not style.pages.foreign_table:
        items.append(Para(agency.document_number, "meta"))
    items += [Para(prose.preamble), Para(overview, "heading")]
    items += [Para(text, underlined=style.pages.underlined and i % 2 == 1) for i, text in enumerate(prose.overview)]
    if style.pages.foreign_table:
        items += [Para("全年平台建设情况统计如下："), build_statistics_sheet(rng)]
    names: dict[TableId, str] = {table.id: labels[table.heading] for table in form.tables}  # type: ignore[misc]
    for table, heading in names.items():
        items.append(Para(heading, "heading"))
        if style.pages.between:
            items += [Para(text) for text in prose.requests[:1]]
        items += _spaced(sheets[table])
        if style.pages.between:
            items += [Para(text) for text in prose.requests[1:]]
    items.append(Para(problems, "heading"))
    items += [Para(text) for text in prose.problems]
    items.append(Para(other, "heading"))
    items += [Para(text) for text in prose.other]
    return [*items, Para(agency.name, "signature"), Para(chinese_date(agency.published), "signature")]


def _spaced(sheets: Iterable[Item]) -> list[Item]:
    """Sheets one after the other; separate blocks stand apart by an empty line."""
    items: list[Item] = []
    for sheet in sheets:
        items += [Para(""), sheet] if items else [sheet]
    return items


def _draw_previous_year(form: Form, style: Style, front: _Front, scale: Scale, rng: random.Random) -> list[Item]:
    cells = _draw_cells(form, style, scale, rng)
    agency, year = front.agency, front.year - 1
    title = agency.title.replace(str(front.year), str(year))
    date = agency.published.replace(str(year + 2), str(year + 1), 1)
    earlier = replace(agency, title=title, published=date)
    prose = write_prose(form.issued_by, earlier, year, cells.numbers, rng, conflict=False)
    return _compose(form, style, _Front(earlier, year, numbered=False), cells, prose, rng)


def _draw_legacy(style: Style, seed: int, form: Form, agency: Agency, year: int, rng: random.Random) -> Document:
    numbers = draw_numbers(form, style, "office", rng)
    prose = write_prose(_LEGACY_BASIS, agency, year, numbers, rng, conflict=False)
    return Document(
        style=style,
        seed=seed,
        agency=agency,
        year=year,
        items=tuple(build_legacy_items(agency, year, prose, rng)),
        truth=dict.fromkeys(form.official_fields),
        review=(),
        violations=(),
        prose=prose,
    )
