from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from models.errors import UsageError
from pipeline import config
from pipeline.config import (
    BatchSettings,
    InboxSettings,
    OutputSettings,
    Settings,
    env_name,
    load_settings,
    project_config,
    setting_keys,
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(config.ENV_PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def no_project_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "project_config", lambda: None)


def write(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def flat(nested: dict[str, dict[str, object]]) -> Iterator[tuple[str, object]]:
    for name, section in nested.items():
        for key, value in section.items():
            yield f"{name}.{key}", value


def test_config_yaml_holds_every_key_with_its_default(repo_root: Path) -> None:
    shipped = yaml.safe_load((repo_root / "config.yaml").read_text(encoding="utf-8"))

    assert dict(flat(shipped)) == dict(flat(Settings().model_dump(mode="json"))), (
        "config.yaml and pipeline/config.py differ; keep settings of your own in another file and pass it with --config"
    )


def test_config_yaml_and_settings_have_their_keys_in_the_same_order(repo_root: Path) -> None:
    shipped = yaml.safe_load((repo_root / "config.yaml").read_text(encoding="utf-8"))

    assert tuple(key for key, _ in flat(shipped)) == setting_keys()


def test_the_checkouts_own_config_is_found(repo_root: Path) -> None:
    assert project_config() == repo_root / "config.yaml"


def test_an_installed_package_takes_no_config_that_lies_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "config.yaml").write_text("other: program\n", encoding="utf-8")
    monkeypatch.setattr(config, "__file__", str(tmp_path / "pipeline" / "config.py"))

    assert project_config() is None


def test_later_sources_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    base = tmp_path / "config.yaml"
    base.write_text(
        "limits: {max_pages: 1, max_file_bytes: 1}\nbatch: {jobs: 1}\nmapping: {form_min_total: 0.1}\n", "utf-8"
    )
    monkeypatch.setattr(config, "project_config", lambda: base)
    mine = write(tmp_path, "limits: {max_pages: 2, max_file_bytes: 2}\nbatch: {jobs: 2}\n")
    monkeypatch.setenv("NIANBAO_LIMITS__MAX_FILE_BYTES", "3")
    monkeypatch.setenv("NIANBAO_BATCH__JOBS", "3")

    settings = load_settings(mine, {"batch.jobs": 4})

    assert settings.mapping.form_min_total == 0.1
    assert settings.limits.max_pages == 2
    assert settings.limits.max_file_bytes == 3
    assert settings.batch.jobs == 4
    assert settings.routing == Settings().routing


def test_a_flag_that_was_not_given_changes_nothing() -> None:
    assert load_settings(None, {"batch.jobs": None, "output.dir": None}) == load_settings()


def test_settings_alone_do_not_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_BATCH__JOBS", "7")

    assert Settings().batch.jobs is None
    assert load_settings().batch.jobs == 7


@pytest.mark.parametrize("text", ["", "# nothing\n", "limits:\n", "limits: {}\n"])
@pytest.mark.usefixtures("no_project_config")
def test_empty_files_and_sections_change_nothing(tmp_path: Path, text: str) -> None:
    assert load_settings(write(tmp_path, text)) == Settings()


def test_formats_come_as_text_from_flags_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_OUTPUT__FORMATS", "json, csv")

    assert load_settings().output.formats == ("json", "csv")
    assert load_settings(None, {"output.formats": "xlsx"}).output.formats == ("xlsx",)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_BATCH__JOBS", "")

    assert load_settings().batch.jobs is None


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("limits: {max_page: 3}", "limits.max_page", "limits.max_pages"),
        ("limit: {max_pages: 3}", "limit", "limits"),
        ("limits: {jobs: 3}", "limits.jobs", "batch.jobs"),
        ("jobs: 3", "jobs", "batch.jobs"),
        ("table: {snap_tolerance_pt: 3}", "table", "tables"),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest_one(tmp_path: Path, text: str, key: str, nearest: str) -> None:
    file = write(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        load_settings(file)

    assert caught.value.message == f"unknown key {key}"
    assert caught.value.source == str(file)
    assert caught.value.remedy == f"did you mean {nearest}?"


def test_a_key_like_no_other_points_to_the_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown key 1 — config\.yaml lists all keys"):
        load_settings(write(tmp_path, "1: 2"))


def test_an_unknown_flag_key_is_refused() -> None:
    with pytest.raises(UsageError, match=r"command line: unknown key batch\.job — did you mean batch\.jobs\?"):
        load_settings(None, {"batch.job": None})


@pytest.mark.parametrize(
    "name", ["NIANBAO_LIMITS__MAX_PAGE", "NIANBAO_LIMITS", "NIANBAO_MAX_PAGES", "nianbao_limits_max_pages"]
)
def test_unknown_variables_are_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "3")

    with pytest.raises(UsageError) as caught:
        load_settings()

    assert caught.value.message == f"unknown environment variable {name}"
    assert caught.value.remedy.startswith("did you mean NIANBAO_LIMITS__MAX_")


@pytest.mark.parametrize("name", ["NIANBAO_CORPUS", "NIANBAO_AUTHOR"])
def test_variables_of_other_uses_are_no_settings(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/somewhere")

    assert load_settings().batch.jobs is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits: {max_pages: many}", "limits.max_pages ({file}) must be a whole number, not 'many'"),
        ("limits: {max_pages: 2.5}", "limits.max_pages ({file}) must be a whole number, not 2.5"),
        ("limits: {max_pages: 0}", "limits.max_pages ({file}) must be at least 1, not 0"),
        ("limits: {max_pages: }", "limits.max_pages ({file}) must be a whole number, not None"),
        ("limits: {max_pages: yes}", "limits.max_pages ({file}) must not be true or false, not True"),
        ("limits: {max_seconds_per_file: soon}", "limits.max_seconds_per_file ({file}) must be a number, not 'soon'"),
        ("limits: {max_seconds_per_file: 0}", "limits.max_seconds_per_file ({file}) must be more than 0.0, not 0"),
        (
            "limits: {max_seconds_per_file: .nan}",
            "limits.max_seconds_per_file ({file}) must be a finite number, not nan",
        ),
        ("mapping: {row_accept_score: 75}", "mapping.row_accept_score ({file}) must be at most 1.0, not 75"),
        ("extract: {cross_check: 7}", "extract.cross_check ({file}) must be true or false, not 7"),
        (
            "output: {formats: [pdf]}",
            "output.formats ({file}) must be one of 'json', 'csv', 'xlsx' or 'parquet', not 'pdf'",
        ),
        ("output: {formats: []}", "output.formats ({file}) must have at least 1 entry, not []"),
        ("output: {formats: 3}", "output.formats ({file}) must be a list, not 3"),
        ("output: {dir: 3}", "output.dir ({file}) must be a path, not 3"),
    ],
)
def test_wrong_values_are_told_in_plain_words(tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        load_settings(file)

    assert caught.value.message == words.format(file=file)


def test_all_wrong_values_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(write(tmp_path, "limits: {max_pages: many}\nbatch: {jobs: 0}\n"))

    assert "limits.max_pages" in caught.value.message
    assert "batch.jobs" in caught.value.message


def test_a_wrong_variable_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_LIMITS__MAX_PAGES", "many")

    with pytest.raises(UsageError, match=r"^NIANBAO_LIMITS__MAX_PAGES must be a whole number, not 'many'"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "not valid YAML"),
        ("limits: {max_pages: 1, max_pages: 2}", "key 'max_pages' is given twice"),
        ("limits: {}\nlimits: {}\n", "key 'limits' is given twice"),
        ("[1]: 2", "unhashable"),
        ("- limits", "must consist of sections"),
        ("limits: 3", "limits is a section"),
        ("limits: [max_pages]", "limits is a section"),
    ],
)
def test_files_that_are_no_config_are_refused(tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        load_settings(file)

    assert words in caught.value.message
    assert caught.value.source == str(file)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("output: {dir: é}".encode("latin-1"))

    with pytest.raises(UsageError, match="not UTF-8"):
        load_settings(latin)
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(tmp_path)
    with pytest.raises(UsageError, match=r"absent\.yaml: .*cannot be read"):
        load_settings(tmp_path / "absent.yaml")


def test_settings_are_frozen_and_cross_process_borders() -> None:
    settings = Settings()

    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(ValueError, match="frozen"):
        settings.batch.jobs = 3  # type: ignore[misc]  # refused by mypy too
    with pytest.raises(ValueError, match="frozen"):
        settings.batch = settings.batch  # type: ignore[misc]


def test_each_key_has_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in flat(Settings().model_dump(mode="json")):
        without = "3" if key == "batch.jobs" else "drawn"
        text = ",".join(value) if isinstance(value, list) else without if value is None else str(value)
        monkeypatch.setenv(env_name(key), text)

    # The other keys without a value are folders.
    drawn = Path("drawn")
    assert load_settings() == Settings(
        batch=BatchSettings(jobs=3),
        output=OutputSettings(debug_dir=drawn),
        inbox=InboxSettings(done=drawn, review=drawn, failed=drawn),
    )
