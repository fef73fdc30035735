"""The tables of the store, as they are after all migrations. A test holds the two equal.

``ReportRow.document`` is the truth: the whole report document as it was read. The rows of pages, fields, findings and
repairs are its index, rewritten with it, so that a question can be asked in SQL. Numbers are texts, as in the document.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pipeline.store.column_types import PathBytes, PlainText, UtcDateTime

# The newest migration; a test holds it equal to the folder of migrations. A store that has it needs no Alembic.
HEAD = "0002"
# Of our own: the database of a PostgreSQL server may hold the tables of another program that uses Alembic.
VERSION_TABLE = "nianbao_version"

# 64 bits wide; SQLite counts up by itself only a column of the type INTEGER, which is as wide there.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Base of all tables. Constraints have names, so that later migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy declares it so
        str: PlainText,
        dt.datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
    }


class DocumentRow(Base):
    """One content (sha256), however often it was dropped: its place in the queue and what came of it.

    ``run_id`` is the reading under way, or the last one; while ``state`` is ``running`` it says whose the lease is.
    ``report_id`` is the result in force. ``attempts`` counts readings that ended without one, ``lapses`` leases
    that ran out. ``password`` is kept only until the next reading ends. ``revision`` counts up with each report and
    each verdict: what was worked out on another one is out of date.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "agency_key", "year"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    byte_size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    media_type: Mapped[str]
    tags: Mapped[list[str]]
    state: Mapped[str]
    attempts: Mapped[int]
    lapses: Mapped[int]
    received_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime | None]
    run_id: Mapped[int | None] = mapped_column(BigId)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    password: Mapped[str | None]
    agency: Mapped[str | None]
    agency_key: Mapped[str | None]
    year: Mapped[int | None]
    report_id: Mapped[int | None] = mapped_column(BigId)
    failure_code: Mapped[str | None]
    failure_message: Mapped[str | None]
    finished_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")


class DropRow(Base):
    """One file that lay in an inbox, where it lay, and where it is to go (``target``, decided before it is moved)."""

    __tablename__ = "drops"
    __table_args__ = (Index(None, "inbox", "state"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    inbox: Mapped[str] = mapped_column(PathBytes)
    path: Mapped[str] = mapped_column(PathBytes)
    byte_size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    inode: Mapped[str]
    tags: Mapped[list[str]]
    state: Mapped[str]
    target: Mapped[str | None] = mapped_column(PathBytes)
    dropped_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class RunRow(Base):
    """One reading of a document. ``outcome`` is None while it is under way."""

    __tablename__ = "runs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    worker: Mapped[str]
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    nianbao_version: Mapped[str]
    settings_digest: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str | None]
    code: Mapped[str | None]
    timings: Mapped[dict[str, Any] | None]


class ReportRow(Base):
    """One report document, whole, as JSON text. Older ones of a document that was read again are kept.

    ``document`` is what was read; ``reviewed`` the same with the verdicts and waivers in force laid over it, None where
    there are none.
    """

    __tablename__ = "reports"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), unique=True)
    written_at: Mapped[dt.datetime]
    schema_version: Mapped[str]
    status: Mapped[str]
    form: Mapped[str]
    document: Mapped[str]
    reviewed: Mapped[str | None]


class PageRow(Base):
    """How one page of the report in force was treated."""

    __tablename__ = "pages"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    page_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    route: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]


class FieldRow(Base):
    """One number of the report in force, with its evidence."""

    __tablename__ = "fields"
    __table_args__ = (Index(None, "field"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None]
    printed: Mapped[str]
    kind: Mapped[str]
    decision: Mapped[str]
    confidence: Mapped[str]
    suggested: Mapped[str | None]
    reasons: Mapped[list[str]]
    evidence: Mapped[list[Any]]
    label: Mapped[dict[str, Any] | None]


class FindingRow(Base):
    """One finding of the report in force; ``position`` is its place in the document, from 0."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "rule"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule: Mapped[str]
    severity: Mapped[str]
    outcome: Mapped[str]
    origin: Mapped[str]
    fields: Mapped[list[str]]
    left: Mapped[str | None]
    right: Mapped[str | None]
    difference: Mapped[str | None]
    message_zh: Mapped[str]
    message_en: Mapped[str]
    suspects: Mapped[list[Any]]
    waived: Mapped[bool]


class RepairRow(Base):
    """One repair of the report in force; ``position`` is its place in the document, from 0."""

    __tablename__ = "repairs"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(200))
    before: Mapped[str]
    after: Mapped[str]
    accepted: Mapped[bool]
    rules: Mapped[list[str]]
    message_zh: Mapped[str]
    message_en: Mapped[str]


class WaiverRow(Base):
    """One accepted finding (``models.waiver``), tied to agency, year and form. Withdrawn ones stay."""

    __tablename__ = "waivers"
    __table_args__ = (Index(None, "agency_key", "year"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    agency_key: Mapped[str]
    year: Mapped[int | None]
    form: Mapped[str]
    rule: Mapped[str]
    waiver: Mapped[dict[str, Any]]
    added_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]


class AuditRow(Base):
    """One thing that was done. Triggers refuse to change or remove a row."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str]
    action: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    why: Mapped[str]


class ItemRow(Base):
    """One open item of the report in force: what a person is asked about (``pipeline.verdicts.open_items``).

    ``weight`` orders the queue: doubt times effect on the totals.
    """

    __tablename__ = "items"
    __table_args__ = (Index(None, "weight"), Index(None, "kind"))

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    position: Mapped[int]
    weight: Mapped[float] = mapped_column(Float)
    rule: Mapped[str | None]
    fields: Mapped[list[str]]
    reasons: Mapped[list[str]]
    page_no: Mapped[int | None]


class VerdictRow(Base):
    """One decision of a person (``models.verdict``). Undone ones stay."""

    __tablename__ = "verdicts"
    __table_args__ = (Index(None, "who", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    at: Mapped[dt.datetime]
    who: Mapped[str]
    action: Mapped[str]
    item: Mapped[str]
    settled: Mapped[int]
    verdict: Mapped[dict[str, Any]]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None]


class HoldRow(Base):
    """Who works on an item; of no force after ``until``."""

    __tablename__ = "holds"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str]
    until: Mapped[dt.datetime]


class PersonRow(Base):
    """One account. ``password_hash`` is of argon2; ``must_change``: the password was given by somebody else."""

    __tablename__ = "people"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    must_change: Mapped[bool]
    active: Mapped[bool]
    added_at: Mapped[dt.datetime]


class SessionRow(Base):
    """One log-in, or an API token (``name`` is not empty). ``secret_hash`` is the sha256 of what the person holds."""

    __tablename__ = "sessions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class LoginTryRow(Base):
    """One failed log-in, kept as long as it counts."""

    __tablename__ = "login_tries"
    __table_args__ = (Index(None, "login", "at"), Index(None, "address", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime]
    login: Mapped[str]
    address: Mapped[str]


class AliasRow(Base):
    """A row label that a person gave to a row of a form. Withdrawn ones stay."""

    __tablename__ = "aliases"
    __table_args__ = (Index(None, "form"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form: Mapped[str]
    row: Mapped[str]
    label: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    added_at: Mapped[dt.datetime]
    added_by: Mapped[str]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None]
