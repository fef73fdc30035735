"""Settings: every threshold and path in one frozen object, and where each of its values came from.

Later wins: defaults < config.yaml of the project < ``--config FILE`` < ``NIANBAO_*`` variables < flags.

A new threshold is one field here and one line in ``config.yaml``; a test holds the two equal.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from models.errors import UsageError

ENV_PREFIX = "NIANBAO_"
# Variables with the prefix that are no settings: where the test suite finds its published reports; who waives findings.
OTHER_VARIABLES = frozenset({"NIANBAO_CORPUS", "NIANBAO_AUTHOR"})

OutputFormat = Literal["json", "csv", "xlsx", "parquet"]
Share = Annotated[float, Field(ge=0, le=1)]  # 0..1
Points = Annotated[float, Field(gt=0)]  # 1/72 inch
AtLeastOne = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _yes_is_no_number(cls, value: object, info: Any) -> object:  # noqa: ANN401 - ValidationInfo is generic over Any
        # pydantic takes true for 1; in a config file that is a slip.
        if isinstance(value, bool) and cls.model_fields[info.field_name].annotation is not bool:
            raise ValueError("must not be true or false")
        return value


class LimitSettings(_Section):
    """What is too much for one file."""

    max_file_bytes: AtLeastOne = 200 * 1024 * 1024
    max_pages: AtLeastOne = 500
    max_page_pixels: AtLeastOne = 60_000_000
    max_page_objects: AtLeastOne = 100_000
    max_pictures: AtLeastOne = 100
    max_picture_bytes: AtLeastOne = 100 * 1024 * 1024
    max_docx_uncompressed_bytes: AtLeastOne = 500 * 1024 * 1024
    max_pdf_uncompressed_bytes: AtLeastOne = 256 * 1024 * 1024
    max_seconds_per_file: Annotated[float, Field(gt=0)] = 300.0
    max_memory_bytes: Annotated[int, Field(ge=512 * 1024 * 1024)] = 4 * 1024 * 1024 * 1024


class RoutingSettings(_Section):
    """Whether the text of a PDF page is trusted."""

    min_chars_per_page: Annotated[int, Field(ge=0)] = 20
    max_bad_char_share: Share = 0.05
    full_page_image_share: Share = 0.85


class ExtractSettings(_Section):
    """How the cells of a page are read."""

    camelot_fallback: bool = True
    cross_check: bool = False


class OcrSettings(_Section):
    """How scans are read."""

    enabled: bool = True
    accept_score: Share = 0.99
    threads: Annotated[int, Field(ge=0)] = 0
    page_dpi: Annotated[int, Field(ge=72, le=600)] = 200


class DecideSettings(_Section):
    """When a number read from pixels is accepted."""

    accept_error_rate: Share = 0.0001


class TableSettings(_Section):
    """Lines to cells, in points."""

    snap_tolerance_pt: Points = 3.0
    join_tolerance_pt: Points = 4.0


class MappingSettings(_Section):
    """Printed rows and columns to those of the form."""

    form_min_total: Annotated[float, Field(gt=0)] = 1.2
    row_accept_score: Share = 0.75
    row_accept_margin: Share = 0.12
    column_accept_score: Share = 0.7
    column_accept_margin: Share = 0.1
    # "form/table.row" -> labels that offices print there; they count only as they are.
    row_aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("row_aliases", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        # Variables and flags are text: YAML, and so JSON too.
        return yaml.safe_load(value) if isinstance(value, str) else value


class OutputSettings(_Section):
    """Where results go and in which formats."""

    dir: Path = Path("out")
    formats: Annotated[tuple[OutputFormat, ...], Field(min_length=1)] = ("json",)
    debug_dir: Path | None = None

    @field_validator("formats", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        # Variables and flags are text: "json,csv".
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class BatchSettings(_Section):
    """How many reports are read at once; None where the machine decides."""

    jobs: AtLeastOne | None = None


class StoreSettings(_Section):
    """Where documents and results are kept, and how often reading one is tried."""

    url: Annotated[str, Field(min_length=1)] = "sqlite:///nianbao-store/nianbao.db"
    originals: Path = Path("nianbao-store/originals")
    busy_seconds: Annotated[float, Field(gt=0)] = 30.0
    lease_seconds: Annotated[float, Field(gt=0)] = 600.0
    max_attempts: AtLeastOne = 3
    max_lapses: AtLeastOne = 20
    retry_seconds: Annotated[float, Field(ge=0)] = 30.0
    max_retry_seconds: Annotated[float, Field(ge=0)] = 3600.0


class InboxSettings(_Section):
    """How a folder is watched, and where its files go."""

    done: Path | None = None
    review: Path | None = None
    failed: Path | None = None
    settle_seconds: Annotated[float, Field(ge=0)] = 1.0
    scan_seconds: Annotated[float, Field(gt=0)] = 10.0
    poll: bool = False
    poll_seconds: Annotated[float, Field(gt=0)] = 2.0


class Settings(BaseSettings):
    """All settings. ``Settings()`` holds the defaults and reads nothing; ``load_settings`` adds the other sources."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,  # an empty variable is the shell's way to unset one for a command
        enable_decoding=False,  # lists are "json,csv", not JSON
    )

    limits: LimitSettings = LimitSettings()
    routing: RoutingSettings = RoutingSettings()
    extract: ExtractSettings = ExtractSettings()
    ocr: OcrSettings = OcrSettings()
    tables: TableSettings = TableSettings()
    mapping: MappingSettings = MappingSettings()
    decide: DecideSettings = DecideSettings()
    output: OutputSettings = OutputSettings()
    batch: BatchSettings = BatchSettings()
    store: StoreSettings = StoreSettings()
    inbox: InboxSettings = InboxSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic passes it by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments alone: a worker process must not see another environment than the command that started it."""
        return (init_settings,)


def load_settings(path: Path | None = None, overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings in force.

    Args:
        path: The file given by ``--config``; None where there is none.
        overrides: Values of flags by dotted key (``{"batch.jobs": 2}``); None as a value means the flag was not given.

    Raises:
        UsageError: A file that cannot be read, an unknown key, a value of the wrong type or out of range.
    """
    layers: dict[str, dict[str, object]] = {}
    for file in (project_config(), path):
        if file is not None:
            layers[str(file)] = _read_file(file)
    layers["environment"] = _read_environment()
    layers["command line"] = _read_overrides(overrides or {})
    origin = {key: layer for layer, values in layers.items() for key in values}
    merged = {key: value for values in layers.values() for key, value in values.items()}
    try:
        return Settings(**cast("dict[str, Any]", _nested(merged)))
    except ValidationError as exc:
        # One sentence a key: a wrong entry also makes its list too short.
        sentences = {_dotted(e): _in_words(e, origin) for e in reversed(exc.errors())}
        raise UsageError("; ".join(reversed(sentences.values())), remedy=_see_config()) from exc


def project_config() -> Path | None:
    """The config.yaml of the checkout that this module runs from; None in an installed wheel: its defaults are here."""
    root = Path(__file__).parent.parent
    # The name is common; what happens to lie beside an installed package is not ours.
    return root / "config.yaml" if (root / "pyproject.toml").is_file() and (root / "config.yaml").is_file() else None


def setting_keys() -> tuple[str, ...]:
    """All dotted keys in the order of config.yaml, ``limits.max_file_bytes`` first."""
    return tuple(f"{name}.{key}" for name, section in _sections() for key in section.model_fields)


def env_name(key: str) -> str:
    """The environment variable of a dotted key: ``limits.max_pages`` -> ``NIANBAO_LIMITS__MAX_PAGES``."""
    return ENV_PREFIX + key.replace(".", "__").upper()


def _sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Settings.model_fields.items():
        yield name, cast("type[BaseModel]", field.annotation)


class _Loader(yaml.SafeLoader):
    """YAML as usual, but a key given twice is an error: YAML would take the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - signature of PyYAML
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def _read_file(file: Path) -> dict[str, object]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except OSError as exc:
        raise UsageError(
            f"the config file cannot be read ({exc.strerror})", source=str(file), remedy="check the path after --config"
        ) from exc
    except UnicodeDecodeError as exc:
        raise UsageError("the config file is not UTF-8 text", source=str(file), remedy="save it as UTF-8") from exc
    except yaml.YAMLError as exc:
        raise UsageError(f"the config file is not valid YAML: {exc}", source=str(file), remedy=_see_config()) from exc
    return _flatten(content, str(file))


def _flatten(content: object, source: str) -> dict[str, object]:
    if content is None:  # an empty file, or nothing but comments
        return {}
    if not isinstance(content, dict):
        raise UsageError("the config file must consist of sections with keys", source=source, remedy=_see_config())
    sections = dict(_sections())
    flat: dict[str, object] = {}
    for name, section in content.items():
        if name not in sections:
            raise _unknown(str(name), source)
        if section is not None and not isinstance(section, dict):
            raise UsageError(f"{name} is a section and must hold keys, not {section!r}", source=source)
        for key, value in (section or {}).items():
            if key not in sections[name].model_fields:
                raise _unknown(f"{name}.{key}", source)
            flat[f"{name}.{key}"] = value
    return flat


def _read_environment() -> dict[str, object]:
    known = {env_name(key): key for key in setting_keys()}
    for variable in os.environ:
        name = variable.upper()
        if name.startswith(ENV_PREFIX) and name not in known and name not in OTHER_VARIABLES:
            raise UsageError(
                f"unknown environment variable {variable}", remedy=f"{_nearest(name, known)} (or unset it)"
            )
    nested = cast("dict[str, dict[str, object]]", EnvSettingsSource(Settings)())
    return {f"{name}.{key}": value for name, section in nested.items() for key, value in section.items()}


def _read_overrides(overrides: Mapping[str, object]) -> dict[str, object]:
    for key in overrides:
        if key not in setting_keys():
            raise _unknown(key, "command line")
    return {key: value for key, value in overrides.items() if value is not None}


def _nested(flat: Mapping[str, object]) -> dict[str, dict[str, object]]:
    nested: dict[str, dict[str, object]] = {}
    for dotted, value in flat.items():
        name, key = dotted.split(".")
        nested.setdefault(name, {})[key] = value
    return nested


def _unknown(key: str, source: str) -> UsageError:
    candidates = setting_keys() if "." in key else (*Settings.model_fields, *setting_keys())
    # A key in the wrong section, or without its section, is nearer to its full name than any spelling is.
    leaf = "." + key.rpartition(".")[2]
    elsewhere = [c for c in candidates if c.endswith(leaf)]
    remedy = f"did you mean {elsewhere[0]}?" if elsewhere else _nearest(key, candidates)
    return UsageError(f"unknown key {key}", source=source, remedy=remedy)


def _nearest(name: str, candidates: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, candidates, n=1)
    return f"did you mean {near[0]}?" if near else _see_config()


def _see_config() -> str:
    return "config.yaml lists all keys with their defaults"


# pydantic's error type -> what the value must be; names in braces come from the error's context.
_WORDS = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "path_type": "must be a path",
    "tuple_type": "must be a list",
    "too_short": "must have at least {min_length} entry",
    "literal_error": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def _dotted(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"][:2])


def _in_words(error: ErrorDetails, origin: Mapping[str, str]) -> str:
    dotted = _dotted(error)
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        words = str(context["error"])
    else:
        words = _WORDS[error["type"]].format(**context) if error["type"] in _WORDS else error["msg"]
    layer = origin.get(dotted, "")
    where = env_name(dotted) if layer == "environment" else f"{dotted} ({layer})"
    return f"{where} {words}, not {error['input']!r}"
