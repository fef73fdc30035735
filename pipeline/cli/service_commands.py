"""``nianbao status`` and ``nianbao retry``: how the service stands, and documents that are to be read again."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode, UsageError
from pipeline.cli.options import ConfigOption, PasswordFileOption, PasswordOption
from pipeline.cli.output import print_error, print_plain, stdout_console

if TYPE_CHECKING:
    from pipeline.inbox.status import Status
    from pipeline.store.open_store import Store
    from pipeline.store.records import Document, State

_MOST_SHOWN = 20


def status(
    inbox: Annotated[
        Path | None, typer.Argument(metavar="[INBOX]", help="The folder that is watched, to be looked at too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object, for programs.")] = False,
    config: ConfigOption = None,
) -> int:
    """Tell how the service stands: queue, results, failures, disks. Exit code 5 where a folder cannot be written."""
    from pipeline.config import load_settings
    from pipeline.inbox.folders import inbox_folders
    from pipeline.inbox.status import read_status
    from pipeline.store.open_store import open_store

    settings = load_settings(config)
    folders = None if inbox is None else inbox_folders(inbox, settings)
    with open_store(settings) as store:
        found = read_status(store, settings, folders)
    if as_json:
        print_plain(json.dumps(found.to_json_dict(), indent=1) + "\n")
    else:
        _print_status(found)
    return int(ExitCode.OUTPUT if found.problems else ExitCode.OK)


def retry(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", help="Documents, as `status` lists them.")
    ] = None,
    all_failed: Annotated[bool, typer.Option("--all-failed", help="All documents that have failed.")] = False,
    password: PasswordOption = None,
    password_file: PasswordFileOption = None,
    config: ConfigOption = None,
) -> int:
    """Read documents again: the service takes them up, and moves their files to where the new result belongs."""
    from pipeline.cli.password import given_password
    from pipeline.config import load_settings
    from pipeline.inbox.read_again import read_again
    from pipeline.store.open_store import open_store

    if bool(ids) == all_failed:
        raise UsageError("name documents, or give --all-failed", remedy="`nianbao status` lists the documents")
    secret = given_password(password, password_file)
    worst = ExitCode.OK
    with open_store(load_settings(config)) as store:
        chosen = _failed(store) if all_failed else list(dict.fromkeys(ids or ()))
        for document_id in chosen:
            try:
                document = read_again(store, document_id, who=_who(), why="nianbao retry", password=secret)
            except UsageError as exc:
                # One that is being read, or is not there, keeps the others from nothing.
                print_error(str(exc))
                worst = exc.exit_code
            else:
                print_plain(f"{document.id} {_name(document)}\n")
    return int(worst)


def _failed(store: Store) -> list[int]:
    from pipeline.store.documents import documents

    states: tuple[State, ...] = ("failed",)
    return [document.id for document in documents(store, states)]


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _name(document: Document) -> str:
    from pipeline.export.text import one_line

    return one_line(document.name)


def _print_status(found: Status) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from pipeline.export.text import one_line
    from pipeline.inbox.reason_file import state_words

    console = stdout_console()
    table = Table(box=box.SIMPLE_HEAD, show_header=False)
    for name, value in _figures(found):
        table.add_row(Text(name), Text(one_line(value), overflow="fold"))
    console.print(table)
    if found.attention:
        documents = Table("编号 id", "状态 state", "文件 file", "原因 reason", box=box.SIMPLE_HEAD)
        for document in found.attention[:_MOST_SHOWN]:
            documents.add_row(
                str(document.id),
                state_words(document.state),
                Text(_name(document), overflow="fold"),
                Text(one_line(document.failure_message or ""), overflow="fold"),
            )
        console.print(documents)
        if len(found.attention) > _MOST_SHOWN:
            console.print(f"{len(found.attention)} in all; the newest {_MOST_SHOWN} are shown")
    for problem in found.problems:
        print_error(problem)


def _figures(found: Status) -> list[tuple[str, str]]:
    from pipeline.inbox.reason_file import state_words

    health = found.health
    rows = [("数据库 store", found.store)]
    rows += [(state_words(state), str(count)) for state, count in health.states.items()]
    if health.oldest_ready_at is not None:
        waited = (found.at - health.oldest_ready_at).total_seconds()
        rows.append(("等待最久 oldest waiting", f"{waited:.0f} s"))
    if health.delayed:
        rows.append(("稍后重试 to be tried again later", str(health.delayed)))
    if health.overdue_leases:
        rows.append(("失联 workers not heard of", str(health.overdue_leases)))
    if health.last_result_at is not None:
        rows.append(("最近结果 last result", f"{health.last_result_at.astimezone():%Y-%m-%d %H:%M:%S}"))
    rows += [(f"失败原因 failed: {code or '?'}", str(count)) for code, count in health.failures.items()]
    rows.append(("尚未归位 files not placed yet", str(health.unplaced_drops)))
    if found.inbox is not None:
        inbox = found.inbox
        rows.append(("收件文件夹 inbox", str(inbox.path)))
        rows.append(("服务 service", "运行中 running" if inbox.watched else "未运行 not running"))
        rows.append(("文件 files in it", f"{inbox.files}, {inbox.unfinished} unfinished"))
        rows += [("拒收 refused", f"{one.path} ({one.reason})") for one in inbox.refused]
    return rows
