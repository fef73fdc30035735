"""What is installed, what is missing, what to do about it. Data only: the command line draws it."""

from __future__ import annotations

import contextlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module, metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from models.errors import NianbaoError
from models.form import FORM_IDS, load_form
from models.ocr_weights import weight_manifest
from models.rule import load_rules
from pipeline.config import Settings, load_settings, project_config
from pipeline.ocr.weights import find_weights
from pipeline.store.look import look_at_store

DISTRIBUTION = "nianbao"
OLDEST_PYTHON = (3, 11)
MIN_FREE_BYTES = 200 * 1024 * 1024  # 200 MiB: results of some hundred reports with their spreadsheets
_FONT_SECONDS = 20  # fontconfig builds its cache on the first call
_CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Distribution (normalised name) -> (module that shows whether it loads, what it is for); as in pyproject.toml.
PACKAGES: dict[str, tuple[str, str]] = {
    "alembic": ("alembic.command", "bringing an older store up to date"),
    "camelot-py": ("camelot", "second reading of ruled PDF tables"),
    "charset-normalizer": ("charset_normalizer", "encoding of HTML and text files that declare none"),
    "lxml": ("lxml.html", "HTML reports"),
    "numpy": ("numpy", "page pictures"),
    "opencv-python-headless": ("cv2", "rulings and characters of scans"),
    "ortools": ("ortools.sat.python.cp_model", "numbers of scans and of glued text under the sums"),
    "packaging": ("packaging.requirements", "this check"),
    "pdfminer-six": ("pdfminer.high_level", "text layer of PDF reports"),
    "pdfplumber": ("pdfplumber", "characters and rulings of PDF reports"),
    "pillow": ("PIL.Image", "picture files"),
    "psutil": ("psutil", "batches: memory limits"),
    "pyarrow": ("pyarrow.parquet", "Parquet results"),
    "pydantic": ("pydantic", "report documents, forms, rules"),
    "pydantic-settings": ("pydantic_settings", "config.yaml and environment variables"),
    "pypdfium2": ("pypdfium2", "opening PDF reports, page routes"),
    "python-docx": ("docx", "DOCX reports"),
    "pyyaml": ("yaml", "form, rule and config files"),
    "rapidfuzz": ("rapidfuzz.fuzz", "labels against those of the form"),
    "rich": ("rich", "output in the terminal"),
    "sqlalchemy": ("sqlalchemy", "the store of documents and results"),
    "typer": ("typer", "the command line"),
    "watchfiles": ("watchfiles", "news of the inbox"),
    "xlsxwriter": ("xlsxwriter", "XLSX results"),
}
FONT_FAMILIES = (
    "AR PL KaitiM GB",
    "AR PL SungtiL GB",
    "AR PL UKai CN",
    "AR PL UMing CN",
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    ``required`` is False where reading reports works without it. ``remedy`` is empty where there is nothing to do.
    """

    name: str
    ok: bool
    found: str
    needed_for: str
    remedy: str = ""
    required: bool = True


def run_checks(config: Path | None = None, overrides: dict[str, object] | None = None) -> list[Check]:
    """All checks in the order in which they are worth reading. Never raises for what it finds.

    Args:
        config: The file given by ``--config``.
        overrides: Values of flags, as for ``load_settings``.
    """
    settings, config_check = _check_config(config, overrides)
    return [
        _check_python(),
        *_check_packages(),
        *_check_data_files(),
        config_check,
        _check_disk(settings.output.dir),
        _check_store(settings),
        _check_ocr(),
        _check_review(),
        _check_ray(),
        _check_weights(),
        *_check_sample_tools(),
    ]


def all_required_ok(checks: Sequence[Check]) -> bool:
    """True where nothing that reading reports needs is missing."""
    return all(check.ok for check in checks if check.required)


def _check_python() -> Check:
    return Check(
        name="Python",
        ok=sys.version_info >= OLDEST_PYTHON,
        found=f"{platform.python_version()} ({sys.executable})",
        needed_for="everything",
        remedy="" if sys.version_info >= OLDEST_PYTHON else "install Python 3.11 or newer",
    )


def _requirements(extra: str) -> list[Requirement]:
    """What the installed distribution asks for; ``extra`` is empty for the base install.

    Raises:
        PackageNotFoundError: the program runs from a folder that was never installed.
    """
    found = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or []]
    # Without a marker a requirement belongs to the base install and holds for each extra as well.
    return [
        r for r in found if (r.marker is None) == (not extra) and (not r.marker or r.marker.evaluate({"extra": extra}))
    ]


def _check_packages() -> Iterator[Check]:
    try:
        requirements = _requirements("")
    except metadata.PackageNotFoundError:
        yield Check(
            name=DISTRIBUTION,
            ok=False,
            found="not installed",
            needed_for="finding out which packages it needs",
            remedy=f"{sys.executable} -m pip install -c constraints.txt -e .",
        )
        return
    for requirement in requirements:
        module, needed_for = PACKAGES.get(canonicalize_name(requirement.name), ("", "reading reports"))
        found = _installed(requirement, module)
        yield Check(
            name=requirement.name,
            ok=found.ok,
            found=found.text,
            needed_for=needed_for,
            remedy="" if found.ok else f'{sys.executable} -m pip install "{_plain(requirement)}"',
        )


@dataclass(frozen=True, slots=True)
class _Found:
    ok: bool
    text: str


def _installed(requirement: Requirement, module: str) -> _Found:
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return _Found(ok=False, text="not installed")
    if not requirement.specifier.contains(version, prereleases=True):
        return _Found(ok=False, text=f"{version}, but {requirement.specifier} is needed")
    if module:
        try:
            import_module(module)
        except Exception as exc:  # noqa: BLE001 - a damaged package may fail in any way; that is the finding
            return _Found(ok=False, text=f"{version}, but it does not load: {exc}")
    return _Found(ok=True, text=version)


def _plain(requirement: Requirement) -> str:
    return f"{requirement.name}{requirement.specifier}"


def _check_data_files() -> Iterator[Check]:
    for form_id in FORM_IDS:
        yield _check_loads(f"form {form_id}", partial(_load_form, form_id))
        yield _check_loads(f"rules {form_id}", partial(_load_rules, form_id))


def _load_form(form_id: str) -> str:
    return f"{len(load_form(form_id).official_fields)} numbers"


def _load_rules(form_id: str) -> str:
    return f"{len(load_rules(load_form(form_id)).rules)} rules"


def _check_loads(name: str, load: Callable[[], str]) -> Check:
    needed_for = "naming and checking the numbers"
    try:
        return Check(name=name, ok=True, found=load(), needed_for=needed_for)
    except NianbaoError as exc:
        return Check(
            name=name,
            ok=False,
            found=str(exc),
            needed_for=needed_for,
            remedy="restore the file, or mend it as docs/adding-a-form.md says",
        )


def _check_config(config: Path | None, overrides: dict[str, object] | None) -> tuple[Settings, Check]:
    needed_for = "thresholds and paths"
    try:
        settings = load_settings(config, overrides)
    except NianbaoError as exc:
        found = f"{exc.source}: {exc.message}" if exc.source else exc.message
        return Settings(), Check("config", ok=False, found=found, needed_for=needed_for, remedy=exc.remedy)
    files = ", ".join(str(file) for file in (project_config(), config) if file is not None)
    return settings, Check("config", ok=True, found=files or "built-in defaults", needed_for=needed_for)


def _check_disk(folder: Path) -> Check:
    # The output folder itself is made later.
    present = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(present).free
    ok = free >= MIN_FREE_BYTES
    return Check(
        name="free disk space",
        ok=ok,
        found=f"{free / 2**30:.1f} GiB at {present}",
        needed_for="writing results",
        remedy="" if ok else f"free {MIN_FREE_BYTES // 2**20} MiB, or choose another folder with --out",
    )


def _check_store(settings: Settings) -> Check:
    name, needed_for = "store", "`nianbao watch` and `extract --store`"
    try:
        look = look_at_store(settings)
    except NianbaoError as exc:
        found = f"{exc.source}: {exc.message}" if exc.source else exc.message
        return Check(name, ok=False, found=found, needed_for=needed_for, remedy=exc.remedy, required=False)
    if look.health is None:
        found = "made when it is first used" if look.version is None else "brought up to date when it is next used"
    else:
        found = ", ".join(f"{state} {count}" for state, count in look.health.states.items() if count) or "empty"
    return Check(name, ok=True, found=f"{look.place}: {found}", needed_for=needed_for, required=False)


def _check_ocr() -> Check:
    return _check_extra("OCR", "ocr", "reading scans; without it they are reported, not read")


def _check_review() -> Check:
    return _check_extra("review", "review", "`nianbao review`, the page for people")


def _check_ray() -> Check:
    return _check_extra("ray", "ray", "`nianbao extract --engine ray`, batches on many machines")


def _check_extra(name: str, extra: str, needed_for: str) -> Check:
    missing = ["everything"]
    with contextlib.suppress(metadata.PackageNotFoundError):
        # Not loaded: the models behind some of these packages take seconds to start.
        missing = [r.name for r in _requirements(extra) if not _installed(r, "").ok]
    return Check(
        name=f"{name} extra",
        ok=not missing,
        found=f"missing: {', '.join(missing)}" if missing else "installed",
        needed_for=needed_for,
        remedy=f'{sys.executable} -m pip install -c constraints.txt -e ".[{extra}]"' if missing else "",
        required=False,
    )


def _check_weights() -> Check:
    """The model files and their checksums; no model is loaded."""
    name, needed_for = "OCR weights", "reading scans"
    models = weight_manifest().models
    try:
        found = [find_weights(key).name for key in models]
    except NianbaoError as exc:
        return Check(name, ok=False, found=exc.message, needed_for=needed_for, remedy=exc.remedy, required=False)
    return Check(name, ok=True, found=", ".join(found), needed_for=needed_for, required=False)


def _check_sample_tools() -> Iterator[Check]:
    needed_for = "sample reports and their tests only"
    for name, commands, package in (
        ("Chromium", _CHROMIUM_COMMANDS, "chromium"),
        ("LibreOffice", ("soffice", "libreoffice"), "libreoffice-writer-nogui"),
    ):
        place = next(filter(None, map(shutil.which, commands)), None)
        yield Check(
            name=name,
            ok=place is not None,
            found=place or "not found",
            needed_for=needed_for,
            remedy="" if place else f"apt-get install {package}",
            required=False,
        )
    families = _font_families()
    missing = [family for family in FONT_FAMILIES if family not in families]
    yield Check(
        name="Chinese fonts",
        ok=not missing,
        found=f"missing: {', '.join(missing)}" if missing else f"{len(FONT_FAMILIES)} families",
        needed_for=needed_for,
        remedy="make test installs them" if missing else "",
        required=False,
    )


def _font_families() -> frozenset[str]:
    """Names of all Chinese font families known to fontconfig; empty where it is not installed."""
    command = shutil.which("fc-list")
    if command is None:
        return frozenset()
    try:
        listed = subprocess.run(
            [command, ":lang=zh", "family"], capture_output=True, text=True, timeout=_FONT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(name.strip() for line in listed.stdout.splitlines() for name in line.split(","))
