"""Chinese fonts from Debian packages: where they are, what they are called, and what to install where they are not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import MissingDependencyError

FONT_ROOTS: tuple[Path, ...] = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Font:
    """A font file. ``family`` is the name for browsers and office suites; ``outlines`` tells who can embed it.

    ``substitute`` is the key of a font of the same outlines and style that is drawn where this one is not installed.
    """

    key: str
    file_name: str
    family: str
    package: str
    outlines: str = "truetype"
    radicals: bool = False
    substitute: str = ""


FONTS: dict[str, Font] = {
    font.key: font
    for font in (
        Font("uming", "uming.ttc", "AR PL UMing CN", "fonts-arphic-uming", radicals=True),
        Font("ukai", "ukai.ttc", "AR PL UKai CN", "fonts-arphic-ukai", radicals=True),
        Font("sungti", "gbsn00lp.ttf", "AR PL SungtiL GB", "fonts-arphic-gbsn00lp", substitute="uming"),
        Font("kaiti", "gkai00mp.ttf", "AR PL KaitiM GB", "fonts-arphic-gkai00mp", substitute="ukai"),
        Font("zenhei", "wqy-zenhei.ttc", "WenQuanYi Zen Hei", "fonts-wqy-zenhei", radicals=True),
        Font("microhei", "wqy-microhei.ttc", "WenQuanYi Micro Hei", "fonts-wqy-microhei", substitute="zenhei"),
        Font("noto-sans", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "fonts-noto-cjk", "cff", radicals=True),
        Font("noto-serif", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", "fonts-noto-cjk", "cff", radicals=True),
    )
}


def font_keys(*, truetype_only: bool = False) -> tuple[str, ...]:
    """Keys of the known fonts; only those with TrueType outlines where the producer can embed no others."""
    return tuple(key for key, font in FONTS.items() if font.outlines == "truetype" or not truetype_only)


def installed_font(key: str) -> str:
    """The font itself, or its substitute where only that one is installed."""
    substitute = FONTS[key].substitute
    return substitute if substitute and _find_file(key) is None and _find_file(substitute) else key


def find_font(key: str) -> Path:
    """The file of a font.

    Raises:
        MissingDependencyError: the font is not installed; the remedy names its package.
    """
    found = _find_file(key)
    if found is None:
        font = FONTS[key]
        raise MissingDependencyError(f"font {font.family} not found", remedy=f"apt-get install {font.package}")
    return found


def _find_file(key: str) -> Path | None:
    for root in FONT_ROOTS:
        found = sorted(root.rglob(FONTS[key].file_name)) if root.is_dir() else []
        if found:
            return found[0]
    return None
