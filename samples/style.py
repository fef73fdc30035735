"""How an invented report looks: frozen settings, from the wording of a label to the width of a ruling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Format = Literal["pdf", "html", "docx", "txt"]
Producer = Literal["reportlab", "chromium", "libreoffice", "html", "docx", "text"]
Expect = Literal["exact", "review"]
FormId = Literal["gk2021", "gk2019"]
TableId = Literal["proactive", "requests", "disputes"]
Rulings = Literal[
    "full", "hairline", "thick_frame", "double", "dotted", "dashed", "open_sides", "horizontal", "three_line", "none",
    "rects", "grey",
]  # fmt: skip
Scale = Literal["empty", "tiny", "office", "district", "city", "province"]
Fault = Literal["flow", "column_sum", "row_sum", "leaf", "dispute_zero", "dispute_sum"]
Oddity = Literal["slash", "dash", "none_word", "note", "increase", "question", "unit_slip"]


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """Wording. Every default is the official one.

    ``after_number`` follows the digit of ``1.属于国家秘密``; ``dropped`` is the number of labels that lose a character;
    ``spread`` stands between the characters of short labels; ``radicals`` swaps characters for their Kangxi radicals.
    """

    half_width: bool = False
    after_number: str = "."
    caption: Literal["official", "bare", "spaced", "missing"] = "official"
    short: bool = False
    normative: str = ""
    in_force: str = ""
    spread: Literal["", "space", "line", "wide"] = ""
    dropped: int = 0
    quotes: Literal["curly", "straight", "none", "corner"] = "curly"
    typos: bool = False
    renumbered: bool = False
    radicals: bool = False
    zero_width: bool = False
    balance_note: bool = True


@dataclass(frozen=True, slots=True)
class ValueStyle:
    """Numbers and how they are written.

    ``faults`` are planted source errors, ``oddities`` cells that a person must see. ``zero`` tells how zeros are
    printed; ``blank`` names the cells left out whatever their number.
    """

    scale: Scale | None = None
    zero: Literal["digit", "blank", "some_blank"] = "digit"
    blank: Literal["", "organisations", "row_totals", "all_but_totals"] = ""
    thousands: bool = False
    full_width: bool = False
    padded: bool = False
    long_fees: bool = False
    faults: tuple[Fault, ...] = ()
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class TableStyle:
    """Build of the tables.

    ``group_labels``: the parent label of a row is stacked one character a line, wrapped, written in a vertical font, or
    repeated in each row. ``pictures`` are the tables drawn as images.
    """

    rulings: Rulings = "full"
    shade: Literal["", "caption", "header", "zebra"] = ""
    group_labels: Literal["stacked", "wrapped", "vertical", "repeated"] = "stacked"
    split_blocks: bool = False
    spare_label_cell: bool = False
    split_header: bool = False
    doubled_header: bool = False
    odd_spans: bool = False
    extra_rows: bool = False
    missing_rows: int = 0
    empty_row: bool = False
    narrow: bool = False
    merged_other: bool = False
    hybrid: bool = False
    pictures: tuple[TableId, ...] = ()
    align: Literal["center", "right", "left"] = "center"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The pages around the tables.

    ``split``: where the request table breaks: nowhere in particular, inside or after its header, inside a group, inside
    a row (with the numbers on the upper or the lower page), or over three pages. ``raster``: pages as images, upright,
    turned or with a wrong hidden text layer. ``private_use``: the text layer gives digits as private-use characters.
    """

    landscape: bool = False
    turned: bool = False
    cover: bool = False
    running_head: bool = False
    page_numbers: bool = True
    split: Literal["", "in_header", "header_alone", "in_group", "cut_upper", "cut_lower", "three_pages"] = ""
    repeat_header: bool = False
    repeat_group_label: bool = False
    closed_at_break: bool = True
    foreign_table: bool = False
    underlined: bool = False
    between: bool = False
    stamp: Literal["", "signature", "cells"] = ""
    private_use: bool = False
    overprint: bool = False
    loose: bool = False
    raster: Literal["", "scan", "scan_90", "scan_180", "hidden_layer"] = ""
    two_reports: bool = False
    font: str = ""
    size: float = 0.0
    latin_digits: bool = False


@dataclass(frozen=True, slots=True)
class FileStyle:
    """What is peculiar to one file type; each producer reads the fields that concern it.

    HTML: ``markup`` and ``encoding``; DOCX: ``wrapping``; text: ``cells``.
    """

    markup: Literal["clean", "word", "unclosed"] = "clean"
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "gb18030_undeclared"] = "utf-8"
    layout_table: bool = False
    hidden_debris: bool = False
    navigation: bool = False
    tracked: bool = False
    controls: bool = False
    auto_numbered: bool = False
    hidden_text: bool = False
    cells: Literal["line", "line_bar", "bars", "tabs", "glued"] = "line"
    crlf: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """One named way a report may look. ``vary``: the seed may choose among harmless wordings, fonts and sizes.

    ``wrong_year``: the report uses the form of other years; ``legacy``: a report from before the national form;
    ``prose_conflict``: the prose states another number than the table.
    """

    name: str
    producer: Producer
    form: FormId = "gk2021"
    expect: Expect = "exact"
    vary: bool = True
    wrong_year: bool = False
    legacy: bool = False
    prose_conflict: bool = False
    labels: LabelStyle = field(default_factory=LabelStyle)
    values: ValueStyle = field(default_factory=ValueStyle)
    tables: TableStyle = field(default_factory=TableStyle)
    pages: PageStyle = field(default_factory=PageStyle)
    file: FileStyle = field(default_factory=FileStyle)

    @property
    def format(self) -> Format:
        """File type that the producer writes; also the ending of the file name."""
        match self.producer:
            case "reportlab" | "chromium" | "libreoffice":
                return "pdf"
            case "text":
                return "txt"
            case _:
                return self.producer
