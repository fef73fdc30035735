"""Chinese fonts from Debian packages: where they are, what they are called, and what to install where they are not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import MissingDependencyError

FONT_ROOTS: tuple[Path, ...] = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Font:
    """A font file. ``family`` is the name for browsers and office suites; ``outlines`` tells who can embed it."""

    key: str
    file_name: str
    family: str
    package: str
    outlines: str = "truetype"
    radicals: bool = False


FONTS: dict[str, Font] = {
    font.key: font
    for font in (
        Font("uming", "uming.ttc", "AR PL UMing CN", "fonts-arphic-uming", radicals=True),
        Font("ukai", "ukai.ttc", "AR PL UKai CN", "fonts-arphic-ukai", radicals=True),
        Font("sungti", "gbsn00lp.ttf", "AR PL SungtiL GB", "fonts-arphic-gbsn00lp"),
        Font("kaiti", "gkai00mp.ttf", "AR PL KaitiM GB", "fonts-arphic-gkai00mp"),
        Font("zenhei", "wqy-zenhei.ttc", "WenQuanYi Zen Hei", "fonts-wqy-zenhei", radicals=True),
        Font("microhei", "wqy-microhei.ttc", "WenQuanYi Micro Hei", "fonts-wqy-microhei"),
        Font("noto-sans", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "fonts-noto-cjk", "cff", radicals=True),
        Font("noto-serif", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", "fonts-noto-cjk", "cff", radicals=True),
    )
}


def font_keys(*, truetype_only: bool = False) -> tuple[str, ...]:
    """Keys of the known fonts; only those with TrueType outlines where the producer can embed no others."""
    return tuple(key for key, font in FONTS.items() if font.outlines == "truetype" or not truetype_only)


def find_font(key: str) -> Path:
    """The file of a font.

    Raises:
        MissingDependencyError: the font is not installed; the remedy names its package.
    """
    font = FONTS[key]
    for root in FONT_ROOTS:
        found = sorted(root.rglob(font.file_name)) if root.is_dir() else []
        if found:
            return found[0]
    raise MissingDependencyError(f"font {font.family} not found", remedy=f"apt-get install {font.package}")
