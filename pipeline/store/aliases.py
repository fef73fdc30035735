"""Row labels that persons gave to rows of a form. Withdrawn ones stay on record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from models.errors import UnknownItemError
from pipeline.config import Settings
from pipeline.store.audit import note
from pipeline.store.column_types import plain_text
from pipeline.store.open_store import Store
from pipeline.store.tables import AliasRow


@dataclass(frozen=True, slots=True)
class Alias:
    """A learnt label: ``row`` is ``table.row`` of the form; ``withdrawn_at`` is None while it is in force."""

    id: int
    form: str
    row: str
    label: str
    document_id: int | None
    added_at: dt.datetime
    added_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_by: str | None


def add_alias(store: Store, *, form: str, row: str, label: str, document_id: int | None, who: str) -> Alias:
    """The alias in force; the one that is there already where it says the same.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        same = select(AliasRow).where(
            AliasRow.form == form,
            AliasRow.row == row,
            AliasRow.label == plain_text(label),
            AliasRow.withdrawn_at.is_(None),
        )
        known = session.scalars(same).first()
        if known is not None:
            return _alias(known)
        made = AliasRow(
            form=form,
            row=row,
            label=plain_text(label),
            document_id=document_id,
            added_at=store.clock(),
            added_by=who,
            withdrawn_at=None,
            withdrawn_by=None,
        )
        session.add(made)
        session.flush()
        after: dict[str, object] = {"alias": made.id, "form": form, "row": row, "label": plain_text(label)}
        note(store, session, who=who, action="label learnt", document_id=document_id, change=(None, after))
        return _alias(made)


def withdraw_alias(store: Store, alias_id: int, *, who: str) -> Alias:
    """The alias, no longer in force: later readings are as if it had never been learnt.

    Raises:
        UnknownItemError: there is no such alias in force.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = session.get(AliasRow, alias_id, with_for_update=True)
        if row is None or row.withdrawn_at is not None:
            raise UnknownItemError(f"there is no learnt label {alias_id} in force")
        row.withdrawn_at, row.withdrawn_by = store.clock(), who
        before: dict[str, object] = {"alias": row.id, "form": row.form, "row": row.row, "label": row.label}
        note(store, session, who=who, action="label withdrawn", document_id=row.document_id, change=(before, None))
        return _alias(row)


def aliases(store: Store, *, withdrawn_too: bool = False) -> list[Alias]:
    """The learnt labels, the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(AliasRow).order_by(AliasRow.id)
    if not withdrawn_too:
        query = query.where(AliasRow.withdrawn_at.is_(None))
    with store.read() as session:
        return [_alias(row) for row in session.scalars(query)]


def with_learnt_labels(store: Store, settings: Settings) -> Settings:
    """The settings for the next reading: those given, with the labels learnt so far.

    Raises:
        StoreError: the store cannot be read.
    """
    learnt: dict[str, tuple[str, ...]] = dict(settings.mapping.row_aliases)
    for alias in aliases(store):
        key = f"{alias.form}/{alias.row}"
        learnt[key] = (*learnt.get(key, ()), alias.label)
    mapping = settings.mapping.model_copy(update={"row_aliases": learnt})
    return settings.model_copy(update={"mapping": mapping})


def _alias(row: AliasRow) -> Alias:
    return Alias(
        row.id,
        row.form,
        row.row,
        row.label,
        row.document_id,
        row.added_at,
        row.added_by,
        row.withdrawn_at,
        row.withdrawn_by,
    )
