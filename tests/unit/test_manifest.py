from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.errors import ExitCode, OutputError
from models.report import Report, SourceRecord
from pipeline.config import BatchSettings, DecideSettings, OcrSettings, OutputSettings, Settings
from pipeline.manifest import MANIFEST_NAME, Entry, Manifest, file_sha256, settings_digest

SETTINGS = Settings()


def read(path: Path, sha256: str | None = None) -> Report:
    return Report(
        source=SourceRecord(
            name=str(path), sha256=file_sha256(path) if sha256 is None else sha256, media_type="", page_count=1
        ),
        status="ok",
    )


def put(folder: Path, *names: str) -> list[Path]:
    """Files, on record with their results."""
    paths = [folder / name for name in names]
    manifest = Manifest(folder, SETTINGS, resume=False)
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
        (folder / f"{path.name}.json").write_text("{}", encoding="utf-8")
        manifest.add(path, f"{path.name}.json", read(path), ExitCode.OK)
    manifest.close()
    return paths


def kept(folder: Path, paths: list[Path], settings: Settings = SETTINGS) -> list[int]:
    manifest = Manifest(folder, settings, resume=True)
    found = [number for number, _ in manifest.kept(paths)]
    manifest.close()
    return found


def test_what_is_as_it_was_is_kept(tmp_path: Path) -> None:
    paths = put(tmp_path, "a", "b", "c", "d")
    paths[1].write_text("other", encoding="utf-8")
    (tmp_path / "c.json").unlink()

    assert kept(tmp_path, [*paths, tmp_path / "e"]) == [0, 3]


def test_a_torn_last_line_costs_itself_alone(tmp_path: Path) -> None:
    paths = put(tmp_path, "a", "b")
    file = tmp_path / MANIFEST_NAME
    whole = file.read_bytes()
    for length in range(whole.index(b"\n") + 1, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert kept(tmp_path, paths) == [0]


def test_what_follows_a_torn_line_stands_on_its_own(tmp_path: Path) -> None:
    paths = put(tmp_path, "a", "b")
    file = tmp_path / MANIFEST_NAME
    file.write_bytes(file.read_bytes()[:-10])
    manifest = Manifest(tmp_path, SETTINGS, resume=True)
    manifest.add(paths[1], "b.json", read(paths[1]), ExitCode.OK)
    manifest.close()

    assert kept(tmp_path, paths) == [0, 1]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"7",
        b"\xff\xfe",
        b'{"path": "a"}',
        b'{"path": 1, "sha256": "0", "settings": "0", "result": "a.json", "status": "ok", "code": 0}',
        b'{"path": "a", "sha256": "0", "settings": "0", "result": "../a.json", "status": "ok", "code": 0}',
        b'{"path": "a", "sha256": "0", "settings": "0", "result": "a.json", "status": "fine", "code": 0}',
        b'{"path": "a", "sha256": "0", "settings": "0", "result": "a.json", "status": "ok", "code": 77}',
    ],
)
def test_other_words_are_no_entries(line: bytes) -> None:
    assert Entry.from_line(line) is None


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = Entry("年报\udc80.pdf", "0" * 64, "1" * 64, "年报.json", "needs_review", ExitCode.REVIEW)

    assert Entry.from_line(entry.to_line()) == entry
    assert entry.to_line().isascii()


def test_the_last_entry_of_a_file_counts(tmp_path: Path) -> None:
    [path] = put(tmp_path, "a")
    path.write_text("new", encoding="utf-8")
    manifest = Manifest(tmp_path, SETTINGS, resume=True)
    manifest.add(path, "a.json", read(path), ExitCode.OK)
    manifest.close()

    assert kept(tmp_path, [path]) == [0]


def test_without_resume_it_begins_anew(tmp_path: Path) -> None:
    paths = put(tmp_path, "a")
    Manifest(tmp_path, SETTINGS, resume=False).close()

    assert kept(tmp_path, paths) == []


def test_a_file_that_cannot_be_read_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a", encoding="utf-8")
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    manifest = Manifest(tmp_path, SETTINGS, resume=False)
    manifest.add(path, "a.json", read(path, sha256=""), ExitCode.INPUT)
    manifest.add(tmp_path / "gone", "gone.json", read(path, sha256=""), ExitCode.INPUT)
    manifest.close()

    assert kept(tmp_path, [path, tmp_path / "gone"]) == [0]


def test_a_pipe_has_no_content(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert file_sha256(tmp_path / "pipe") == ""
    assert file_sha256(tmp_path) == ""
    assert file_sha256(Path("a\0b")) == ""


def test_the_digest_knows_what_changes_results() -> None:
    assert settings_digest(SETTINGS) == settings_digest(
        Settings(batch=BatchSettings(jobs=7), ocr=OcrSettings(threads=3), output=OutputSettings(dir=Path("elsewhere")))
    )
    assert settings_digest(SETTINGS) != settings_digest(Settings(decide=DecideSettings(accept_error_rate=0.5)))
    assert settings_digest(SETTINGS) != settings_digest(Settings(ocr=OcrSettings(enabled=False)))


def test_a_manifest_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).mkdir()

    with pytest.raises(OutputError, match=MANIFEST_NAME):
        Manifest(tmp_path, SETTINGS, resume=True)


def test_two_files_with_one_name_on_record_get_two(tmp_path: Path) -> None:
    paths = put(tmp_path, "a", "b")
    file = tmp_path / MANIFEST_NAME
    file.write_bytes(file.read_bytes().replace(b'"b.json"', b'"a.json"'))
    manifest = Manifest(tmp_path, SETTINGS, resume=True)

    assert manifest.names(paths) == ["a.json", "b.json"]
    manifest.close()
