"""An office on trial: an inbox with its folders, the service as a process of its own, and what came of each file."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.run_command import installed_command
from models.errors import StageError
from models.report import Report
from pipeline.config import Settings, load_settings
from pipeline.inbox.folders import REASON_ENDING, RESULT_ENDING
from pipeline.inbox.lock import LOCK_NAME
from pipeline.inbox.place import TEMP_START
from pipeline.read_apart.child import Job
from pipeline.read_apart.readers import Readers
from pipeline.store.documents import documents
from pipeline.store.open_store import open_store

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong after a trial; all empty where nothing is.

    Attributes:
        lost: Files whose content is in none of the folders, or whose document has no result.
        doubled: Files that are there more than once, or have more than one document or result.
        different: Files whose result is not that of an undisturbed reading.
        unfinished: Documents in no final state, files left in the inbox, temporary files.
    """

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """True where nothing is wrong."""
        return not (self.lost or self.doubled or self.different or self.unfinished)


class Office:
    """One inbox and its service.

    Args:
        folder: Where all of it lies.
        options: Settings other than the defaults, by section.
    """

    def __init__(self, folder: Path, options: Mapping[str, Mapping[str, object]] | None = None) -> None:
        self.folder = folder
        self.inbox, self.outputs = folder / "inbox", tuple(folder / n for n in ("done", "review", "failed"))
        self.log = folder / "service.log"
        self._config = folder / "office.yaml"
        self._process: subprocess.Popen[bytes] | None = None
        self.inbox.mkdir(parents=True)
        sections: dict[str, dict[str, object]] = {key: dict(value) for key, value in (options or {}).items()}
        sections.setdefault("store", {}).update(
            {"url": f"sqlite:///{folder / 'store.db'}", "originals": str(folder / "originals")}
        )
        self._config.write_text(yaml.safe_dump(sections), encoding="utf-8")

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return load_settings(self._config)

    @property
    def pid(self) -> int:
        """The service.

        Raises:
            StageError: it does not run.
        """
        if self._process is None:
            raise StageError("the service does not run")
        return self._process.pid

    def drop(self, name: str, data: bytes) -> None:
        """Nothing; the file then lies in the inbox, whole."""
        place = self.inbox / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def start(self) -> None:
        """Nothing; the service then runs.

        Raises:
            MissingDependencyError: the command is not installed beside this Python.
        """
        command = installed_command()
        arguments = ["watch", str(self.inbox), "--config", str(self._config), "--log-format", "json"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(command), *arguments], cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def is_running(self) -> bool:
        """True while the service runs."""
        return self._process is not None and self._process.poll() is None

    def below(self) -> list[psutil.Process]:
        """All processes below the service now, in the order of their ids."""
        try:
            return sorted(psutil.Process(self.pid).children(recursive=True), key=lambda process: process.pid)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Nothing; the service is then dead, and had no say in it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self, seconds: float) -> int:
        """The exit code of the service after SIGTERM.

        Raises:
            StageError: it did not end in time.
        """
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as exc:
            self.kill()
            raise StageError(f"the service did not stop within {seconds:g} seconds") from exc

    def placed(self) -> list[Path]:
        """The files in the folders of results, without results and reasons."""
        return [
            Path(where) / name
            for folder in self.outputs
            for where, _, names in os.walk(folder)
            for name in names
            if not name.endswith((RESULT_ENDING, REASON_ENDING)) and not name.startswith(".")
        ]

    def left(self) -> list[Path]:
        """The files in the inbox."""
        return [p for p in self.inbox.rglob("*") if p.is_file() and p.name != LOCK_NAME]

    def wait_until_placed(self, count: int, seconds: float) -> None:
        """Nothing; ``count`` files are then in the folders of results, and none in the inbox.

        Raises:
            StageError: that took longer than ``seconds``, or the service ended.
        """
        until = time.monotonic() + seconds
        while len(self.placed()) < count or self.left():
            if not self.is_running():
                raise StageError("the service ended", remedy=f"see {self.log}")
            if time.monotonic() > until:
                raise StageError(
                    f"{len(self.placed())} of {count} files placed after {seconds:g} seconds, {len(self.left())} left",
                    remedy=f"see {self.log}",
                )
            time.sleep(_LOOK_SECONDS)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of that name in the log, in order; a line cut by a kill is passed over."""
        found: list[dict[str, Any]] = []
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        for line in text.splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and event.get("event") == name:
                found.append(event)
        return found

    def judge(self, dropped: Mapping[str, bytes], expected: Mapping[str, str]) -> Verdict:
        """What is wrong.

        Args:
            dropped: Name -> content of each file; all contents differ.
            expected: sha256 -> result of an undisturbed reading, as ``read_undisturbed`` gives it.

        Raises:
            StoreError: the store cannot be read.
        """
        names = {hashlib.sha256(data).hexdigest(): name for name, data in dropped.items()}
        places = Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in self.placed())
        with open_store(self.settings) as store:
            known = documents(store)
        on_record = Counter(document.sha256 for document in known)
        results = {path: bare_result(Report.model_validate_json(path.read_bytes())) for path in self._results()}
        by_content = Counter(json.loads(text)["source"]["sha256"] for text in results.values())
        counted = (places, on_record, by_content)
        return Verdict(
            lost=tuple(n for sha, n in names.items() if any(c[sha] == 0 for c in counted)),
            doubled=tuple(n for sha, n in names.items() if any(c[sha] > 1 for c in counted))
            + tuple(sha for sha in set().union(*counted) - set(names)),
            different=tuple(str(path) for path, text in results.items() if text not in expected.values()),
            unfinished=tuple(d.name for d in known if not d.is_final) + tuple(map(str, (*self.left(), *self._temps()))),
        )

    def _results(self) -> list[Path]:
        return [path for folder in self.outputs for path in folder.rglob(f"*{RESULT_ENDING}")]

    def _temps(self) -> list[Path]:
        return [path for folder in self.outputs for path in folder.rglob(f"{TEMP_START}*")]


def bare_result(report: Report) -> str:
    """The document as JSON, without what belongs to the reading and not to the file."""
    document = report.to_json_dict()
    del document["timings"], document["source"]["name"]
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def read_undisturbed(files: Mapping[str, bytes], folder: Path, jobs: int) -> dict[str, str]:
    """sha256 -> result of each file, read one after the other without any service."""
    folder.mkdir(parents=True)
    settings = Settings()
    readers = Readers(jobs, settings.limits)
    results: dict[str, str] = {}
    waiting = []
    for number, (name, data) in enumerate(files.items()):
        place = folder / f"{number}{Path(name).suffix}"
        place.write_bytes(data)
        waiting.append(Job(place, name, settings))
    begun = 0
    try:
        while len(results) < len(waiting):
            while readers.free and begun < len(waiting):
                readers.begin(begun, waiting[begun])
                begun += 1
            for done in readers.wait():
                results[done.report.source.sha256] = bare_result(done.report)
    finally:
        readers.stop()
    return results


def different_copies(sources: Sequence[Path], count: int) -> dict[str, bytes]:
    """Name -> content of ``count`` reports made from a few, each with a remark at its end that no reader looks at."""
    files: dict[str, bytes] = {}
    for number in range(count):
        source = sources[number % len(sources)]
        remark = {".pdf": b"\n%% copy %d\n", ".html": b"\n<!-- copy %d -->\n"}.get(source.suffix)
        if remark is None:
            raise StageError(f"no way is known to make different copies of {source.name}")
        files[f"{number:05d}-{source.name}"] = source.read_bytes() + remark % number
    return files
