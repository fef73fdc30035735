from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.errors import UsageError
from pipeline.config import InboxSettings, Settings, StoreSettings
from pipeline.inbox.folders import choose_target, inbox_folders, reason_place, result_place


def settings(root: Path, **inbox: Path) -> Settings:
    store = StoreSettings(url=f"sqlite:///{root}/s.db", originals=root / "originals")
    return Settings(inbox=InboxSettings.model_validate(inbox), store=store)


def test_folders_lie_beside_the_inbox(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    folders = inbox_folders(tmp_path / "in", settings(tmp_path))

    assert folders.outputs == (tmp_path / "done", tmp_path / "review", tmp_path / "failed")
    assert [folders.of(state) for state in ("done", "review", "failed", "password")] == [
        tmp_path / "done",
        tmp_path / "review",
        tmp_path / "failed",
        tmp_path / "failed",
    ]


@pytest.mark.parametrize("key", ["done", "review", "failed"])
def test_output_under_the_inbox_is_refused(tmp_path: Path, key: str) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (tmp_path / "link").symlink_to(inbox)

    for place in (inbox / "below", inbox, tmp_path / "link" / "below"):
        with pytest.raises(UsageError, match=rf"inbox\.{key} .* lies in the inbox"):
            inbox_folders(inbox, settings(tmp_path, **{key: place}))


def test_a_store_under_the_inbox_is_refused(tmp_path: Path) -> None:
    for store in (
        StoreSettings(url=f"sqlite:///{tmp_path}/s.db", originals=tmp_path / "o"),
        StoreSettings(url=f"sqlite:///{tmp_path}/in/s.db", originals=tmp_path.parent / "o"),
    ):
        (tmp_path / "in").mkdir(exist_ok=True)
        inbox = tmp_path if "in/" not in store.url else tmp_path / "in"
        with pytest.raises(UsageError, match=r"store\.(originals|url) .* lies in the inbox"):
            inbox_folders(inbox, Settings(store=store, inbox=InboxSettings.model_validate(outside(tmp_path))))


def outside(tmp_path: Path) -> dict[str, Path]:
    return {name: tmp_path.parent / f"{tmp_path.name}-{name}" for name in ("done", "review", "failed")}


def test_an_inbox_under_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "done" / "in").mkdir(parents=True)

    with pytest.raises(UsageError, match=r"the inbox lies in inbox\.done"):
        inbox_folders(tmp_path / "done" / "in", settings(tmp_path, done=tmp_path / "done"))


def test_two_folders_that_are_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    with pytest.raises(UsageError, match="three folders"):
        inbox_folders(tmp_path / "in", settings(tmp_path, done=tmp_path / "x", review=tmp_path / "x"))


def test_no_inbox(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        inbox_folders(tmp_path / "in", settings(tmp_path))


def test_names_are_made_unique(tmp_path: Path) -> None:
    assert choose_target(tmp_path, "2023/a.pdf") == tmp_path / "2023" / "a.pdf"
    (tmp_path / "a.pdf").touch()
    (tmp_path / "a-2.pdf.json").touch()
    (tmp_path / "a-3.pdf.reason.txt").touch()

    assert choose_target(tmp_path, "a.pdf") == tmp_path / "a-4.pdf"
    assert choose_target(tmp_path, "a.pdf", {tmp_path / "a-4.pdf"}) == tmp_path / "a-5.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "年" * 83 + "报.pdf",
        "x" * 251 + ".pdf",
        "." + "x" * 254,
        "x" * 255,
        "a." + "y" * 253,
        os.fsdecode(b"\xff" * 255),
    ],
)
def test_long_names_leave_room_for_those_of_the_results(tmp_path: Path, name: str) -> None:
    target = choose_target(tmp_path, name)
    target.touch()
    second = choose_target(tmp_path, name)

    for place in (second, result_place(second), reason_place(second), reason_place(target)):
        assert len(os.fsencode(place.name)) <= 255
        place.touch()
    assert second != target
    assert name.endswith(".pdf") == target.name.endswith(".pdf")
