"""What differs between two reports: two versions of one, or two years of one agency."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from models.diff import CellState, DiffSide, FieldDiff, Piece, PieceKind, ReportDiff, SectionDiff
from models.figures import EXACT_PRECISION, exact_difference, is_absent, plain, to_decimal
from models.finding import Message
from models.form import FORM_IDS, Form, load_form
from models.report import FieldValue, Report
from models.rule_labels import labels_for
from models.text import squeeze
from pipeline.check.same_text import PROSE_SECTIONS
from pipeline.check.sentences import same_words, to_sentences
from pipeline.check.year_report import agency_key, same_agency

# Wide enough for the quotient of the longest numbers, so that only the last step rounds.
_WIDE = Context(prec=2 * EXACT_PRECISION)
_PERCENT_PLACES = Decimal("0.1")  # percent
_SIMILARITY_PLACES = 3
# Characters of a section whose similarity is measured; sentences are compared however many there are.
_MAX_SIMILARITY_CHARS = 30_000
# Sections that hold the tables of a form: their prose is compared as well, in what little there is.
_SECTIONS: dict[str, Message] = {
    "preamble": Message(zh="正文之前", en="Before the first section"),
    "overview": PROSE_SECTIONS["overview"],
    "proactive": Message(zh="二、主动公开政府信息情况", en="Proactive disclosure"),
    "requests": Message(zh="三、收到和处理政府信息公开申请情况", en="Requests received and handled"),
    "disputes": Message(zh="四、行政复议、行政诉讼情况", en="Reconsideration and litigation"),
    "problems": PROSE_SECTIONS["problems"],
    "other": PROSE_SECTIONS["other"],
}


def compare_reports(before: Report, after: Report) -> ReportDiff:
    """Everything that differs between two reports, in the order of the form and of the sections.

    Reports on two forms are compared in the fields that both forms have; the others are named as not comparable.
    """
    forms = [_form(r) for r in (before, after)]
    fields, compared, not_comparable = _compare_fields(before, after, forms[0], forms[1])
    return ReportDiff(
        before=DiffSide.from_report(before),
        after=DiffSide.from_report(after),
        remarks=_remarks(before, after),
        compared=compared,
        fields=fields,
        not_comparable=not_comparable,
        sections=_compare_sections(before.sections, after.sections),
    )


def percent_change(before: Decimal, after: Decimal) -> str | None:
    """The change in percent of the size of ``before``, one place, a plus sign before gains; None from 0."""
    if before == 0:
        return None
    share = _WIDE.divide(_WIDE.multiply(exact_difference(after, before), Decimal(100)), abs(before))
    rounded = share.quantize(_PERCENT_PLACES, rounding=ROUND_HALF_EVEN, context=_WIDE)
    return format(rounded, "+f") if rounded else "0.0"


def _form(report: Report) -> Form | None:
    return load_form(report.form) if report.form in FORM_IDS else None


def _remarks(before: Report, after: Report) -> list[Message]:
    remarks = []
    keys = [agency_key(r.agency) for r in (before, after)]
    if None not in keys and not same_agency(str(keys[0]), str(keys[1])):
        remarks.append(
            Message(
                zh=f"两份报告不属于同一机关：{before.agency} 与 {after.agency}。",
                en=f"The reports are of two agencies: {before.agency} and {after.agency}.",
            )
        )
    if before.year is not None and after.year is not None and before.year > after.year:
        remarks.append(
            Message(
                zh=f"前者的年度（{before.year}）晚于后者（{after.year}）。",
                en=f"The first report is of a later year ({before.year}) than the second ({after.year}).",
            )
        )
    if before.form != after.form:
        remarks.append(
            Message(
                zh=f"两份报告格式不同（{before.form} 与 {after.form}），只比对两种格式共有的字段。",
                en=f"The reports are on two forms ({before.form}, {after.form}); fields that both have are compared.",
            )
        )
    remarks += [
        Message(
            zh=f"{r.source.name} 不是已知的格式，没有可比对的数字。",
            en=f"{r.source.name} is on no known form and has no numbers to compare.",
        )
        for r in (before, after)
        if r.form not in FORM_IDS
    ]
    if before.source.sha256 == after.source.sha256:
        remarks.append(Message(zh="两份报告出自同一文件。", en="Both reports were read from the same file."))
    return remarks


def _compare_fields(
    before: Report, after: Report, first: Form | None, second: Form | None
) -> tuple[list[FieldDiff], int, list[str]]:
    """(fields that differ, how many could be compared, ids that the other form does not have), in form order."""
    names = {**_names(first), **_names(second)}
    found: list[FieldDiff] = []
    not_comparable: list[str] = []
    compared = 0
    for field_id in dict.fromkeys((*names, *before.fields, *after.fields)):
        old, new = _state(before.fields.get(field_id)), _state(after.fields.get(field_id))
        if old is None and new is None:
            continue
        other = second if new is None else first
        if (old is None or new is None) and first is not second and not _is_official(other, field_id):
            not_comparable.append(field_id)
            continue
        compared += 1
        name = names.get(field_id, Message(zh=field_id, en=field_id))
        change = _field_diff(field_id, name, old, new)
        if change.change != "same" or change.decision_changed:
            found.append(change)
    return found, compared, not_comparable


def _is_official(form: Form | None, field_id: str) -> bool:
    return form is not None and field_id in form.official_fields


def _names(form: Form | None) -> dict[str, Message]:
    return {} if form is None else labels_for(form).fields


def _state(value: FieldValue | None) -> CellState | None:
    """The cell as it is compared; None where the report has no such cell."""
    if value is None or is_absent(value):
        return None
    return CellState(value=value.value, printed=value.printed, kind=value.kind, decision=value.decision)


def _field_diff(field_id: str, name: Message, old: CellState | None, new: CellState | None) -> FieldDiff:
    if old is None or new is None:
        return FieldDiff(
            field=field_id, label=name, change="removed" if new is None else "added", before=old, after=new
        )
    numbers = [to_decimal(s.value) if s.kind == "number" else None for s in (old, new)]
    if numbers[0] is not None and numbers[1] is not None:
        same = numbers[0] == numbers[1]
    else:
        same = (old.kind, old.value, squeeze(old.printed)) == (new.kind, new.value, squeeze(new.printed))
    difference = percent = None
    if not same and numbers[0] is not None and numbers[1] is not None:
        difference = plain(exact_difference(numbers[1], numbers[0]))
        percent = percent_change(numbers[0], numbers[1])
    return FieldDiff(
        field=field_id,
        label=name,
        change="same" if same else "changed",
        before=old,
        after=new,
        difference=difference,
        percent=percent,
    )


def _compare_sections(before: dict[str, str], after: dict[str, str]) -> list[SectionDiff]:
    found = []
    for key in dict.fromkeys((*_SECTIONS, *before, *after)):
        old, new = to_sentences(before.get(key, "")), to_sentences(after.get(key, ""))
        pieces = _pieces(old, new)
        if any(p.kind != "equal" for p in pieces):
            texts = ["".join(map(same_words, s))[:_MAX_SIMILARITY_CHARS] for s in (old, new)]
            similarity = fuzz.ratio(*texts) / 100.0
            name = _SECTIONS.get(key, Message(zh=key, en=key))
            found.append(
                SectionDiff(section=key, label=name, similarity=f"{similarity:.{_SIMILARITY_PLACES}f}", pieces=pieces)
            )
    return found


def _pieces(old: list[str], new: list[str]) -> list[Piece]:
    """Runs of sentences in reading order, of a changed place first what was deleted.

    Sentences that differ only in white space or in the width of signs are equal.
    """
    pieces: list[Piece] = []
    gone: list[str] = []
    come: list[str] = []

    def end_change() -> None:
        changed: tuple[tuple[PieceKind, list[str]], ...] = (("delete", gone), ("insert", come))
        pieces.extend(Piece(kind=kind, text="".join(run)) for kind, run in changed if run)
        gone.clear()
        come.clear()

    for code in Indel.opcodes([same_words(s) for s in old], [same_words(s) for s in new]):
        if code.tag == "delete":
            gone += old[code.src_start : code.src_end]
        elif code.tag == "insert":
            come += new[code.dest_start : code.dest_end]
        else:
            end_change()
            pieces.append(Piece(kind="equal", text="".join(new[code.dest_start : code.dest_end])))
    end_change()
    return pieces
