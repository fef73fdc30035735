"""Drops: files that lie, or lay, in an inbox. What is to be done with each is written down before it is done."""

from __future__ import annotations

from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import StoreError
from pipeline.store.column_types import plain_text
from pipeline.store.documents import register_row, to_document
from pipeline.store.open_store import Store
from pipeline.store.records import FINAL_STATES, Content, Drop, DropState, FileStamp, Taken
from pipeline.store.tables import DocumentRow, DropRow


def take(store: Store, content: Content, *, inbox: str, path: str, stamp: FileStamp, who: str) -> Taken:
    """The drop of a file and its document, both new where they are, in one transaction.

    A file that was taken before and still lies there (same place, same stamp, not placed yet) is the same drop again.

    Args:
        store: The store.
        content: The file's content; its tags go to the drop and to the document.
        inbox: The folder, as ``os.fsdecode`` gives it.
        path: The file, relative to ``inbox``.
        stamp: Of the file when its content was read.
        who: For the audit log.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        document, is_new = register_row(store, session, content, who)
        row = session.scalars(
            select(DropRow).where(
                DropRow.inbox == inbox,
                DropRow.path == path,
                DropRow.state == "taken",
                DropRow.document_id == document.id,
                DropRow.mtime_ns == stamp.mtime_ns,
                DropRow.inode == stamp.inode,
            )
        ).first()
        if row is None:
            row = DropRow(
                document_id=document.id,
                inbox=inbox,
                path=path,
                byte_size=stamp.byte_size,
                mtime_ns=stamp.mtime_ns,
                inode=stamp.inode,
                tags=[plain_text(tag) for tag in content.tags],
                state="taken",
                dropped_at=store.clock(),
            )
            session.add(row)
            session.flush()
        return Taken(_to_drop(row), to_document(document), is_new)


def open_drops(store: Store, inbox: str) -> list[Drop]:
    """The drops of an inbox that are not placed, the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        query = select(DropRow).where(DropRow.inbox == inbox, DropRow.state == "taken").order_by(DropRow.id)
        return [_to_drop(row) for row in session.scalars(query)]


def placeable_drops(store: Store, inbox: str, limit: int = 100) -> list[Taken]:
    """Drops of an inbox that are not placed although their document is final, with it; the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    return _of_final(store, inbox, "taken", limit)


def drops_of(store: Store, document_id: int) -> list[Drop]:
    """All drops of a document, the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        query = select(DropRow).where(DropRow.document_id == document_id).order_by(DropRow.id)
        return [_to_drop(row) for row in session.scalars(query)]


def intend_target(store: Store, drop_id: int, target: str) -> None:
    """Nothing; the store then knows where the file is to go, before it is moved.

    Raises:
        StoreError: the store cannot be written, or the drop is placed already.
    """
    with store.write() as session:
        _open_row(store, session, drop_id).target = target


def close_drop(store: Store, drop_id: int, state: DropState, revision: int | None = None) -> None:
    """Nothing; the drop is then ``placed`` at its target, or ``gone``. Saying it twice changes nothing.

    Args:
        store: The store.
        drop_id: The drop.
        state: What became of the file.
        revision: Of the document whose results lie beside the file; where there are newer ones by now, the drop is
            ``outdated`` instead of ``placed``. None where there are none.

    Raises:
        StoreError: the store cannot be written, or the drop was closed in the other way.
    """
    with store.write() as session:
        # The document first, as those do who change it: each waits for the other, and none for both.
        found = session.get(DropRow, drop_id)
        owner = None if found is None else session.get(DocumentRow, found.document_id, with_for_update=True)
        row = session.get(DropRow, drop_id, with_for_update=True, populate_existing=True)
        if row is not None and row.state == state:
            return
        row = _open_row(store, session, drop_id)
        is_outdated = state == "placed" and owner is not None and revision not in {None, owner.revision}
        row.state = "outdated" if is_outdated else state
        row.closed_at = store.clock()


def reopen_drop(store: Store, drop_id: int, stamp: FileStamp) -> None:
    """Nothing; a placed drop is to be placed again from where it lies now, for its document is read again or decided.

    Its path is then the whole path of that place. A drop that is not placed stays as it is.

    Args:
        store: The store.
        drop_id: The drop.
        stamp: Of the file as it lies at its target.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = session.get(DropRow, drop_id, with_for_update=True)
        if row is not None and row.state in {"placed", "outdated"} and row.target is not None:
            row.path, row.target, row.state, row.closed_at = row.target, None, "taken", None
            row.byte_size, row.mtime_ns, row.inode = stamp.byte_size, stamp.mtime_ns, stamp.inode


def outdated_drops(store: Store, inbox: str, limit: int = 100) -> list[Taken]:
    """Placed drops of an inbox beside which lies what is known no more, with their final documents; the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    return _of_final(store, inbox, "outdated", limit)


def leave_drop(store: Store, drop_id: int) -> None:
    """Nothing; an outdated drop counts as placed again: what lies at its target is not the file any more.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = session.get(DropRow, drop_id, with_for_update=True)
        if row is not None and row.state == "outdated":
            row.state = "placed"


def unplaced(session: Session) -> int:
    """Number of drops that are not placed, in all inboxes."""
    return session.scalar(select(func.count()).select_from(DropRow).where(DropRow.state == "taken")) or 0


def _of_final(store: Store, inbox: str, state: DropState, limit: int) -> list[Taken]:
    with store.read() as session:
        query = (
            select(DropRow, DocumentRow)
            .join(DocumentRow, DocumentRow.id == DropRow.document_id)
            .where(DropRow.inbox == inbox, DropRow.state == state, DocumentRow.state.in_(FINAL_STATES))
            .order_by(DropRow.id)
            .limit(limit)
        )
        return [Taken(_to_drop(drop), to_document(row), is_new=False) for drop, row in session.execute(query)]


def _open_row(store: Store, session: Session, drop_id: int) -> DropRow:
    row = session.get(DropRow, drop_id, with_for_update=True)
    if row is None or row.state != "taken":
        state = "unknown" if row is None else row.state
        raise StoreError(f"drop {drop_id} is {state}, and can be moved no more", source=store.place)
    return row


def _to_drop(row: DropRow) -> Drop:
    return Drop(
        id=row.id,
        document_id=row.document_id,
        inbox=row.inbox,
        path=row.path,
        stamp=FileStamp(row.byte_size, row.mtime_ns, row.inode),
        tags=tuple(row.tags),
        state=cast("DropState", row.state),
        target=row.target,
        dropped_at=row.dropped_at,
    )
