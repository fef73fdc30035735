"""Accounts and log-in: argon2 hashes, sessions that end, tokens for the API, slow answers to those who guess."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from models.errors import LoginError, NotAllowedError, ReviewError, TooManyTriesError
from pipeline.store.open_store import Store
from pipeline.store.people import (
    Person,
    Role,
    TokenRecord,
    add_secret,
    all_people,
    change_person,
    end_secret,
    failed_tries,
    forget_tries,
    note_failed_try,
    person_and_hash,
    person_of_secret,
    tokens,
)
from pipeline.store.people import add_person as add_person_row

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = [
    "LoggedIn",
    "NewPassword",
    "Person",
    "Role",
    "TokenRecord",
    "add_person",
    "all_people",
    "change_password",
    "ensure_admin",
    "log_in",
    "log_out",
    "new_token",
    "person_of_session",
    "person_of_token",
    "reset_password",
    "set_active",
    "set_role",
    "tokens",
    "withdraw_token",
]

# A session ends so long after the log-in, and when it was not used for so long. Seconds.
SESSION_SECONDS, IDLE_SECONDS = 12 * 3600.0, 2 * 3600.0
TOKEN_SECONDS = 365 * 24 * 3600.0
# So many failed log-ins of one account, or from one address, within so many seconds: then none is looked at any more.
MOST_TRIES_OF_LOGIN, MOST_TRIES_OF_ADDRESS, TRIES_SECONDS = 5, 20, 900.0
LEAST_PASSWORD = 10
# A password longer than this only costs time. Characters.
_MOST_PASSWORD = 1024
_LONGEST_LOGIN = 50
_SECRET_BYTES = 32
_ONE_TIME_BYTES = 12
_LOGIN = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9._@\u4e00-\u9fff-]{0,49}")
_FIRST_ADMIN, _CONSOLE = "admin", "console"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in: ``secret`` is for the cookie, and in no store and no log."""

    person: Person
    secret: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that was made for somebody, to be told once and to be changed at the first log-in."""

    person: Person
    password: str


def ensure_admin(store: Store) -> NewPassword | None:
    """The first admin with a one-time password, where there is nobody yet; else None.

    Raises:
        StoreError: the store cannot be read or written.
    """
    if all_people(store):
        return None
    try:
        return _add(store, login=_FIRST_ADMIN, name="", role="admin", who=_CONSOLE)
    except ReviewError:
        # Another process was quicker.
        return None


def log_in(store: Store, login: str, password: str, *, address: str) -> LoggedIn:
    """The log-in of a person. ``person.must_change`` True: nothing but ``change_password`` may follow.

    Raises:
        TooManyTriesError: too many failed ones before, of this account or from this address.
        LoginError: name or password are wrong, or the account is not active.
        StoreError: the store cannot be read or written.
    """
    login = login.strip()[:_LONGEST_LOGIN]
    _check_tries(store, login, address)
    found = person_and_hash(store, login)
    # The same work for a name that nobody has, so that the time it takes tells nothing.
    stored = _no_hash() if found is None else found[1]
    is_right = _matches(stored, password)
    if found is None or not is_right or not found[0].active:
        note_failed_try(store, login, address, keep_seconds=TRIES_SECONDS)
        raise LoginError("name or password are wrong", remedy="try again, or ask an admin for a new password")
    forget_tries(store, login)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    person = found[0]
    ends = add_secret(
        store, person.id, secret_hash=_digest(secret), kind="session", name="", seconds=SESSION_SECONDS, who=login
    )
    return LoggedIn(person, secret, ends)


def person_of_session(store: Store, secret: str) -> Person:
    """Whose session it is.

    Raises:
        LoginError: it is unknown or over.
        StoreError: the store cannot be read.
    """
    person = person_of_secret(store, _digest(secret), "session", idle_seconds=IDLE_SECONDS)
    if person is None:
        raise LoginError("the session has ended", remedy="log in again")
    return person


def log_out(store: Store, secret: str, *, who: str) -> None:
    """Nothing; the session is over then.

    Raises:
        StoreError: the store cannot be written.
    """
    end_secret(store, secret_hash=_digest(secret), who=who)


def change_password(store: Store, login: str, *, old: str, new: str, address: str = "") -> Person:
    """The person with the new password; all sessions have ended, the person logs in again.

    Raises:
        TooManyTriesError: too many wrong passwords before.
        LoginError: the old password is wrong.
        ReviewError: the new password is too short, or the old one.
        StoreError: the store cannot be written.
    """
    _check_tries(store, login, address)
    found = person_and_hash(store, login)
    if found is None or not _matches(found[1], old):
        note_failed_try(store, login, address, keep_seconds=TRIES_SECONDS)
        raise LoginError("the old password is wrong", remedy="try again")
    _check_password(new)
    if new == old:
        raise ReviewError("the new password is the old one", remedy="choose another one")
    return change_person(store, login, who=login, password_hash=_hasher().hash(new), must_change=False)


def add_person(store: Store, *, login: str, name: str, role: Role, by: Person) -> NewPassword:
    """The new account with a password for the first log-in.

    Raises:
        NotAllowedError: ``by`` is no admin.
        ReviewError: the login is taken, or has characters that names do not have.
        StoreError: the store cannot be written.
    """
    _admins_only(by)
    if not _LOGIN.fullmatch(login):
        raise ReviewError(
            "a login has up to 50 letters, digits, Chinese characters and . _ @ -", remedy="choose another login"
        )
    return _add(store, login=login, name=name.strip(), role=role, who=by.login)


def reset_password(store: Store, login: str, *, by: Person) -> NewPassword:
    """The account with a new password for the next log-in; its sessions have ended.

    Raises:
        NotAllowedError: ``by`` is no admin.
        UnknownItemError: there is no such person.
        StoreError: the store cannot be written.
    """
    _admins_only(by)
    password = secrets.token_urlsafe(_ONE_TIME_BYTES)
    hashed = _hasher().hash(password)
    person = change_person(store, login, who=by.login, password_hash=hashed, must_change=True)
    forget_tries(store, login)
    return NewPassword(person, password)


def set_role(store: Store, login: str, role: Role, *, by: Person) -> Person:
    """The account with another role.

    Raises:
        NotAllowedError: ``by`` is no admin.
        ReviewError: it is the last admin.
        UnknownItemError: there is no such person.
        StoreError: the store cannot be written.
    """
    _admins_only(by)
    return change_person(store, login, who=by.login, role=role)


def set_active(store: Store, login: str, *, active: bool, by: Person) -> Person:
    """The account opened or closed; sessions and tokens of a closed one have ended.

    Raises:
        NotAllowedError: ``by`` is no admin.
        ReviewError: it is the last admin.
        UnknownItemError: there is no such person.
        StoreError: the store cannot be written.
    """
    _admins_only(by)
    return change_person(store, login, who=by.login, active=active)


def new_token(store: Store, person: Person, name: str, *, seconds: float = TOKEN_SECONDS) -> str:
    """The secret of a new API token of the person; it is told this once.

    Raises:
        ReviewError: without a name nobody knows later what it was for.
        StoreError: the store cannot be written.
    """
    if not name.strip():
        raise ReviewError("a token needs a name", remedy="say what it is for")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    add_secret(
        store,
        person.id,
        secret_hash=_digest(secret),
        kind="token",
        name=name.strip(),
        seconds=seconds,
        who=person.login,
    )
    return secret


def person_of_token(store: Store, secret: str) -> Person:
    """Whose token it is.

    Raises:
        LoginError: it is unknown, over or withdrawn.
        StoreError: the store cannot be read.
    """
    person = person_of_secret(store, _digest(secret), "token")
    if person is None:
        raise LoginError("the token is not known", remedy="make a new one on the page of your account")
    return person


def withdraw_token(store: Store, token_id: int, *, by: Person) -> None:
    """Nothing; the token counts no more.

    Raises:
        NotAllowedError: it is somebody else's, and ``by`` is no admin.
        StoreError: the store cannot be written.
    """
    if not by.is_admin and token_id not in {t.id for t in tokens(store, by.login)}:
        raise NotAllowedError("the token is not yours", remedy="ask an admin")
    end_secret(store, token_id=token_id, who=by.login)


def _add(store: Store, *, login: str, name: str, role: Role, who: str) -> NewPassword:
    password = secrets.token_urlsafe(_ONE_TIME_BYTES)
    hashed = _hasher().hash(password)
    person = add_person_row(store, login=login, name=name, role=role, password_hash=hashed, must_change=True, who=who)
    return NewPassword(person, password)


def _check_tries(store: Store, login: str, address: str) -> None:
    of_login, of_address = failed_tries(store, login, address, seconds=TRIES_SECONDS)
    if of_login >= MOST_TRIES_OF_LOGIN or of_address >= MOST_TRIES_OF_ADDRESS:
        raise TooManyTriesError(
            "too many log-ins failed", remedy=f"wait {TRIES_SECONDS / 60:.0f} minutes, or ask an admin"
        )


def _check_password(password: str) -> None:
    if not LEAST_PASSWORD <= len(password) <= _MOST_PASSWORD:
        raise ReviewError(
            f"a password has at least {LEAST_PASSWORD} characters",
            remedy="choose a longer one, several words for instance",
        )


def _admins_only(by: Person) -> None:
    if not by.is_admin:
        raise NotAllowedError("only an admin may do this", remedy="ask an admin")


def _digest(secret: str) -> str:
    # Of 256 random bits: nobody can guess what a plain hash was made of.
    return hashlib.sha256(secret.encode()).hexdigest()


def _matches(stored: str, password: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    if len(password) > _MOST_PASSWORD:
        return False
    try:
        return _hasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _no_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(_SECRET_BYTES))
