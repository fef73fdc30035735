"""Accounts and log-in."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.errors import LoginError, NotAllowedError, ReviewError, TooManyTriesError, UnknownItemError
from pipeline.review import people
from pipeline.review.people import (
    MOST_TRIES_OF_ADDRESS,
    MOST_TRIES_OF_LOGIN,
    NewPassword,
    add_person,
    change_password,
    ensure_admin,
    log_in,
    log_out,
    new_token,
    person_of_session,
    person_of_token,
    reset_password,
    set_active,
    set_role,
    tokens,
    withdraw_token,
)
from pipeline.store.audit import audit_log
from pipeline.store.open_store import Store
from tests.unit.store.made import Clock

pytest.importorskip("argon2", reason="the extra `review` is not installed")

from argon2 import DEFAULT_MEMORY_COST, DEFAULT_TIME_COST

REAL_HASHER = people._hasher
HERE = "127.0.0.1"


@pytest.fixture
def admin(store: Store) -> NewPassword:
    made = ensure_admin(store)
    assert made is not None
    return made


def test_hashes_are_as_slow_as_argon2_advises() -> None:
    # The other tests have quicker ones; the function itself is what nobody replaced.
    hasher = REAL_HASHER()
    assert (hasher.time_cost, hasher.memory_cost) == (DEFAULT_TIME_COST, DEFAULT_MEMORY_COST)


def test_the_first_start_makes_an_admin_and_no_later_one(store: Store, admin: NewPassword) -> None:
    assert (admin.person.login, admin.person.role, admin.person.must_change) == ("admin", "admin", True)
    assert ensure_admin(store) is None


def test_no_secret_is_in_the_database(store: Store, admin: NewPassword) -> None:
    logged_in = log_in(store, "admin", admin.password, address=HERE)
    token = new_token(store, admin.person, "script")
    with store.read() as session:
        everything = str(
            [list(session.execute(text(f"SELECT * FROM {t}"))) for t in ("people", "sessions", "audit", "login_tries")]
        )
    for secret in (admin.password, logged_in.secret, token):
        assert secret not in everything
    assert "$argon2id$" in everything


def test_a_session_is_known_until_it_is_left_idle_over_or_logged_out(
    store: Store, admin: NewPassword, clock: Clock
) -> None:
    first = log_in(store, "admin", admin.password, address=HERE)
    assert person_of_session(store, first.secret).login == "admin"
    clock.move(people.IDLE_SECONDS)
    with pytest.raises(LoginError):
        person_of_session(store, first.secret)

    second = log_in(store, "admin", admin.password, address=HERE)
    for _ in range(int(people.SESSION_SECONDS / people.IDLE_SECONDS * 2) - 1):
        clock.move(people.IDLE_SECONDS / 2)
        person_of_session(store, second.secret)
    clock.move(people.IDLE_SECONDS / 2)
    with pytest.raises(LoginError):
        person_of_session(store, second.secret)

    third = log_in(store, "admin", admin.password, address=HERE)
    log_out(store, third.secret, who="admin")
    for secret in (third.secret, "", "nothing", first.secret):
        with pytest.raises(LoginError):
            person_of_session(store, secret)


def test_guessing_one_account_is_stopped_even_with_the_right_password(
    store: Store, admin: NewPassword, clock: Clock
) -> None:
    for n in range(MOST_TRIES_OF_LOGIN):
        with pytest.raises(LoginError) as refused:
            log_in(store, "admin", "wrong", address=f"10.0.0.{n}")
        assert not isinstance(refused.value, TooManyTriesError)
    with pytest.raises(TooManyTriesError):
        log_in(store, "admin", admin.password, address=HERE)

    clock.move(people.TRIES_SECONDS + 1)
    assert log_in(store, "admin", admin.password, address=HERE).person.login == "admin"


def test_guessing_names_from_one_address_is_stopped(store: Store, admin: NewPassword) -> None:
    for n in range(MOST_TRIES_OF_ADDRESS):
        with pytest.raises(LoginError):
            log_in(store, f"nobody{n}", "wrong", address=HERE)
    with pytest.raises(TooManyTriesError):
        log_in(store, "admin", admin.password, address=HERE)
    assert log_in(store, "admin", admin.password, address="10.0.0.1").person.login == "admin"


def test_unknown_names_and_wrong_passwords_are_told_alike(store: Store, admin: NewPassword) -> None:
    said = []
    for login in ("admin", "nobody"):
        with pytest.raises(LoginError) as refused:
            log_in(store, login, "wrong", address=HERE)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_new_password_ends_all_sessions(store: Store, admin: NewPassword) -> None:
    session = log_in(store, "admin", admin.password, address=HERE)
    with pytest.raises(ReviewError):
        change_password(store, "admin", old=admin.password, new="short")
    with pytest.raises(ReviewError):
        change_password(store, "admin", old=admin.password, new=admin.password)
    with pytest.raises(LoginError):
        change_password(store, "admin", old="wrong", new="long enough to be one")

    person = change_password(store, "admin", old=admin.password, new="long enough to be one")

    assert not person.must_change
    with pytest.raises(LoginError):
        person_of_session(store, session.secret)
    assert not log_in(store, "admin", "long enough to be one", address=HERE).person.must_change


def test_only_admins_make_accounts_and_one_admin_stays(store: Store, admin: NewPassword) -> None:
    made = add_person(store, login="张三", name="张三", role="reviewer", by=admin.person)
    assert log_in(store, "张三", made.password, address=HERE).person.must_change
    for refused in ("", " ", "a b", "<script>", "-x", "x" * 51):
        with pytest.raises(ReviewError):
            add_person(store, login=refused, name="", role="reviewer", by=admin.person)
    with pytest.raises(ReviewError):
        add_person(store, login="张三", name="", role="reviewer", by=admin.person)
    with pytest.raises(NotAllowedError):
        add_person(store, login="li", name="", role="admin", by=made.person)
    with pytest.raises(NotAllowedError):
        reset_password(store, "admin", by=made.person)
    with pytest.raises(NotAllowedError):
        set_role(store, "张三", "admin", by=made.person)
    with pytest.raises(ReviewError):
        set_role(store, "admin", "reviewer", by=admin.person)
    with pytest.raises(ReviewError):
        set_active(store, "admin", active=False, by=admin.person)
    with pytest.raises(UnknownItemError):
        reset_password(store, "nobody", by=admin.person)
    assert {p.login: p.role for p in people.all_people(store)} == {"admin": "admin", "张三": "reviewer"}


def test_a_closed_account_has_no_session_and_no_token(store: Store, admin: NewPassword) -> None:
    made = add_person(store, login="li", name="", role="reviewer", by=admin.person)
    session = log_in(store, "li", made.password, address=HERE)
    token = new_token(store, made.person, "script")

    set_active(store, "li", active=False, by=admin.person)

    with pytest.raises(LoginError):
        person_of_session(store, session.secret)
    with pytest.raises(LoginError):
        person_of_token(store, token)
    with pytest.raises(LoginError):
        log_in(store, "li", made.password, address=HERE)
    set_active(store, "li", active=True, by=admin.person)
    with pytest.raises(LoginError):
        person_of_token(store, token)


def test_a_token_is_of_one_person_and_can_be_withdrawn(store: Store, admin: NewPassword, clock: Clock) -> None:
    made = add_person(store, login="li", name="", role="reviewer", by=admin.person)
    token = new_token(store, admin.person, "script")
    assert person_of_token(store, token).login == "admin"
    with pytest.raises(LoginError):
        person_of_session(store, token)
    (record,) = tokens(store)
    with pytest.raises(NotAllowedError):
        withdraw_token(store, record.id, by=made.person)

    withdraw_token(store, record.id, by=admin.person)

    with pytest.raises(LoginError):
        person_of_token(store, token)
    late = new_token(store, admin.person, "short", seconds=10)
    clock.move(11)
    with pytest.raises(LoginError):
        person_of_token(store, late)
    with pytest.raises(ReviewError):
        new_token(store, admin.person, " ")


def test_what_happens_to_accounts_is_in_the_audit_log(store: Store, admin: NewPassword) -> None:
    with pytest.raises(LoginError):
        log_in(store, "admin", "wrong", address=HERE)
    log_in(store, "admin", admin.password, address=HERE)
    add_person(store, login="li", name="", role="reviewer", by=admin.person)
    set_active(store, "li", active=False, by=admin.person)

    assert [(e.who, e.action) for e in audit_log(store)] == [
        ("console", "person added"),
        ("admin", "log-in failed"),
        ("admin", "logged in"),
        ("admin", "person added"),
        ("admin", "person changed"),
    ]
