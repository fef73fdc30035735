"""Row labels learnt from corrections: offered when a row was moved, used from the next reading on, reversible."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import NotAllowedError, ReviewError
from models.form import load_form
from models.learnt_labels import check_learnt_label, forms_with
from models.report import Report
from models.verdict import unmapped_key
from pipeline.review.people import Person
from pipeline.store.aliases import Alias, add_alias, aliases, with_learnt_labels, withdraw_alias
from pipeline.store.open_store import Store
from pipeline.store.verdicts import review_state
from pipeline.verdicts.given_values import form_of
from pipeline.verdicts.open_items import row_fields

__all__ = ["Alias", "Offer", "aliases", "learn", "offer", "with_learnt_labels", "withdraw", "withdraw_alias"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A label that may be learnt: for the row ``row`` (``table.row``) of the form."""

    form: str
    row: str
    label: str


def offer(report: Report, item: str, to_row: str) -> Offer | None:
    """What may be learnt from moving the row of an item; None where its label says nothing, or means another row.

    Args:
        report: The report before the row was moved.
        item: Key of the item.
        to_row: Where the row belongs.
    """
    label = _printed(report, item)
    if label is None:
        return None
    try:
        check_learnt_label(form_of(report), to_row, label)
    except ReviewError:
        return None
    return Offer(report.form, to_row, label)


def learn(store: Store, document_id: int, row: str, label: str, *, who: str) -> Alias:
    """The label, learnt for a row of the form of the document.

    Raises:
        UnknownItemError: there is no such document or row.
        ReviewError: the label is too short, or stands for another row, by the form or as learnt before.
        StoreError: the store cannot be written.
    """
    form_id = form_of(review_state(store, document_id).report).id
    learnt: dict[str, list[str]] = {}
    for alias in aliases(store):
        learnt.setdefault(f"{alias.form}/{alias.row}", []).append(alias.label)
    check_learnt_label(forms_with(learnt)[form_id], row, label)
    return add_alias(store, form=form_id, row=row, label=label.strip(), document_id=document_id, who=who)


def withdraw(store: Store, alias_id: int, *, by: Person) -> Alias:
    """The alias, no longer in force.

    Raises:
        UnknownItemError: there is no such alias in force.
        NotAllowedError: somebody else learnt it, and ``by`` is no admin.
        StoreError: the store cannot be written.
    """
    known = next((a for a in aliases(store) if a.id == alias_id), None)
    if known is not None and not by.is_admin and known.added_by != by.login:
        raise NotAllowedError(f"the label was learnt by {known.added_by}", remedy="ask them, or an admin")
    return withdraw_alias(store, alias_id, who=by.login)


def _printed(report: Report, item: str) -> str | None:
    kind, _, rest = item.partition(":")
    if kind == "unmapped":
        row = next((r for r in report.unmapped_rows if unmapped_key(r) == item), None)
        return row.labels[-1] if row is not None and row.labels else None
    if kind == "field":
        rest = rest.rpartition(".")[0]
    fields = row_fields(load_form(report.form), rest)
    found = (report.fields[i].label for i in fields if i in report.fields)
    return next((label.printed for label in found if label is not None and label.printed.strip()), None)
