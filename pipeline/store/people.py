"""Accounts, log-ins and tokens in the store. Secrets come here only as hashes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import delete, func, select, update

from models.errors import ReviewError, UnknownItemError
from pipeline.store.audit import note
from pipeline.store.open_store import Store
from pipeline.store.tables import LoginTryRow, PersonRow, SessionRow

Role = Literal["reviewer", "admin"]
SecretKind = Literal["session", "token"]

# How exactly it is noted when a session was last used: each look would else be a write.
_USED_STEP = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Person:
    """One account. ``must_change``: the password was given by somebody else, and is good for changing it only."""

    id: int
    login: str
    name: str
    role: Role
    must_change: bool
    active: bool

    @property
    def is_admin(self) -> bool:
        """True where the role covers accounts, undo of others' decisions, and aliases."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """An API token without its secret."""

    id: int
    name: str
    login: str
    created_at: dt.datetime
    used_at: dt.datetime
    expires_at: dt.datetime


def add_person(
    store: Store, *, login: str, name: str, role: Role, password_hash: str, must_change: bool, who: str
) -> Person:
    """The new account.

    Raises:
        ReviewError: the login is taken.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        if session.scalar(select(PersonRow.id).where(PersonRow.login == login)) is not None:
            raise ReviewError(f"there is a person {login} already", remedy="choose another login")
        row = PersonRow(
            login=login,
            name=name,
            role=role,
            password_hash=password_hash,
            must_change=must_change,
            active=True,
            added_at=store.clock(),
        )
        session.add(row)
        session.flush()
        note(store, session, who=who, action="person added", change=(None, {"login": login, "role": role}))
        return _person(row)


def change_person(
    store: Store,
    login: str,
    *,
    who: str,
    role: Role | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
    must_change: bool | None = None,
) -> Person:
    """The account with what is given changed; None leaves it. Without a password or with another one its log-ins end.

    Raises:
        UnknownItemError: there is no such person.
        ReviewError: the last active admin would be gone.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.login == login).with_for_update()).one_or_none()
        if row is None:
            raise UnknownItemError(f"there is no person {login}")
        before: dict[str, object] = {"login": login, "role": row.role, "active": row.active}
        row.role = role or row.role
        row.active = row.active if active is None else active
        if password_hash is not None:
            row.password_hash = password_hash
        row.must_change = row.must_change if must_change is None else must_change
        session.flush()
        admins = select(func.count()).select_from(PersonRow).where(PersonRow.role == "admin", PersonRow.active)
        if not session.scalar(admins):
            raise ReviewError("the last admin cannot be taken away", remedy="make somebody else an admin first")
        if password_hash is not None or not row.active:
            ended = SessionRow.person_id == row.id
            kinds = ("session", "token") if not row.active else ("session",)
            session.execute(
                update(SessionRow)
                .where(ended, SessionRow.kind.in_(kinds), SessionRow.ended_at.is_(None))
                .values(ended_at=store.clock())
            )
        after: dict[str, object] = {"login": login, "role": row.role, "active": row.active}
        if password_hash is not None:
            after["password"] = "changed"  # noqa: S105 - says that it was changed
        note(store, session, who=who, action="person changed", change=(before, after))
        return _person(row)


def all_people(store: Store) -> list[Person]:
    """All accounts by login, inactive ones too.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        return [_person(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.login))]


def person_and_hash(store: Store, login: str) -> tuple[Person, str] | None:
    """The account and the hash of its password; None where there is none.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.login == login)).one_or_none()
        return None if row is None else (_person(row), row.password_hash)


def add_secret(
    store: Store, person_id: int, *, secret_hash: str, kind: SecretKind, name: str, seconds: float, who: str
) -> dt.datetime:
    """When the session or token ends by itself.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        now = store.clock()
        ends = now + dt.timedelta(seconds=seconds)
        row = SessionRow(
            secret_hash=secret_hash,
            person_id=person_id,
            kind=kind,
            name=name,
            created_at=now,
            used_at=now,
            expires_at=ends,
            ended_at=None,
        )
        session.add(row)
        session.flush()
        action = "logged in" if kind == "session" else "token made"
        note(store, session, who=who, action=action, change=(None, {"session": row.id, "name": name}))
        return ends


def person_of_secret(
    store: Store, secret_hash: str, kind: SecretKind, *, idle_seconds: float | None = None
) -> Person | None:
    """The active account of a session or token in force; None where it is unknown, over, or was not used for too long.

    Raises:
        StoreError: the store cannot be read.
    """
    now = store.clock()
    with store.read() as session:
        found = session.execute(
            select(SessionRow, PersonRow)
            .join(PersonRow, PersonRow.id == SessionRow.person_id)
            .where(SessionRow.secret_hash == secret_hash, SessionRow.kind == kind, SessionRow.ended_at.is_(None))
        ).one_or_none()
    if found is None:
        return None
    row, person = found
    if row.expires_at <= now or not person.active:
        return None
    if idle_seconds is not None and row.used_at + dt.timedelta(seconds=idle_seconds) <= now:
        return None
    if now - row.used_at > _USED_STEP:
        with store.write() as session:
            session.execute(update(SessionRow).where(SessionRow.id == row.id).values(used_at=now))
    return _person(person)


def end_secret(store: Store, *, secret_hash: str | None = None, token_id: int | None = None, who: str) -> bool:
    """True where a session or token was in force and is not any more.

    Raises:
        StoreError: the store cannot be written.
    """
    wanted = SessionRow.secret_hash == secret_hash if secret_hash is not None else SessionRow.id == token_id
    with store.write() as session:
        row = session.scalars(select(SessionRow).where(wanted, SessionRow.ended_at.is_(None))).one_or_none()
        if row is None:
            return False
        row.ended_at = store.clock()
        action = "logged out" if row.kind == "session" else "token withdrawn"
        note(store, session, who=who, action=action, change=({"session": row.id, "name": row.name}, None))
        return True


def tokens(store: Store, login: str | None = None) -> list[TokenRecord]:
    """The tokens in force, of one person or of all.

    Raises:
        StoreError: the store cannot be read.
    """
    query = (
        select(SessionRow, PersonRow.login)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .where(SessionRow.kind == "token", SessionRow.ended_at.is_(None), SessionRow.expires_at > store.clock())
        .order_by(SessionRow.id)
    )
    if login is not None:
        query = query.where(PersonRow.login == login)
    with store.read() as session:
        return [
            TokenRecord(row.id, row.name, owner, row.created_at, row.used_at, row.expires_at)
            for row, owner in session.execute(query)
        ]


def failed_tries(store: Store, login: str, address: str, *, seconds: float) -> tuple[int, int]:
    """Failed log-ins (of the account, from the address) within so many seconds.

    Raises:
        StoreError: the store cannot be read.
    """
    since = store.clock() - dt.timedelta(seconds=seconds)
    with store.read() as session:
        count = select(func.count()).select_from(LoginTryRow).where(LoginTryRow.at > since)
        of_login = session.scalar(count.where(LoginTryRow.login == login)) or 0
        return of_login, session.scalar(count.where(LoginTryRow.address == address)) or 0


def note_failed_try(store: Store, login: str, address: str, *, keep_seconds: float) -> None:
    """Nothing; the failed log-in then counts. Older ones than ``keep_seconds`` are forgotten.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        now = store.clock()
        session.execute(delete(LoginTryRow).where(LoginTryRow.at <= now - dt.timedelta(seconds=keep_seconds)))
        session.add(LoginTryRow(at=now, login=login, address=address))
        note(store, session, who=login, action="log-in failed", change=(None, {"address": address}))


def forget_tries(store: Store, login: str) -> None:
    """Nothing; failed log-ins of the account count no more.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        session.execute(delete(LoginTryRow).where(LoginTryRow.login == login))


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.login, row.name, cast("Role", row.role), row.must_change, row.active)
