"""The font of charts and reports: the one that ships with urbsim, else one for Chinese found on the system."""

from __future__ import annotations

import base64
import io
import sys
from functools import cache
from pathlib import Path

from matplotlib import font_manager

from urbsim.labels import bilingual

_SHIPPED = Path(__file__).parent / "fonts" / "UrbsimSansSC-Regular.otf"
_FAMILY = "Urbsim Sans SC"
_LATIN = "DejaVu Sans"  # comes with matplotlib
_FIRST_CHINESE = 0x2E80  # everything below is in common fonts
#: Fonts of systems that are asked, in this order, for characters which the font that ships lacks.
_INSTALLED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "SimSun-ExtB",
    "PingFang SC",
    "Heiti SC",
    "Arial Unicode MS",
)


@cache
def font_families() -> tuple[str, ...]:
    """Return the families that charts are written with, made known to matplotlib; each glyph is from the first with it.

    Says so on standard error, once, if there is none with Chinese: such text then shows as empty boxes.
    """
    installed = {font.name for font in font_manager.fontManager.ttflist}
    chinese = [family for family in _INSTALLED if family in installed]
    if _SHIPPED.exists():
        font_manager.fontManager.addfont(_SHIPPED)
        return (_FAMILY, _LATIN, *chinese)
    if not chinese:
        _say(
            bilingual(
                f"no Chinese font found ({_SHIPPED.name} is missing and none of {', '.join(_INSTALLED)} is installed); "
                "Chinese text in charts will show as boxes",
                f"没有中文字体（缺少 {_SHIPPED.name}，也没有安装 {'、'.join(_INSTALLED)} 中的任何一种）；"
                "图中的中文会显示为方框",
            )
        )
    return (*chinese, _LATIN)


@cache
def _glyphs() -> frozenset[int]:
    """Return the code points that charts can be written with."""
    paths = {font_manager.findfont(family, fallback_to_default=False) for family in font_families()}
    return frozenset(code for path in paths for code in font_manager.get_font(path).get_charmap())


def warn_of_missing(text: str) -> None:
    """Say on standard error which characters of a chart no font has; each character once."""
    missing = sorted(set(text) - set("\n") - _said)
    missing = [character for character in missing if ord(character) not in _glyphs()]
    if missing:
        _said.update(missing)
        named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
        _say(
            bilingual(
                f"no font for {named}; charts show boxes, tables and files have them",
                f"没有 {named} 的字体；图中显示为方框，表和文件中仍有",
            )
        )


_said: set[str] = set()


def _say(message: str) -> None:
    print(f"urbsim: {message}", file=sys.stderr)


def font_face(text: str) -> str:
    """Return the style rule that embeds the glyphs which a page in HTML needs beyond Latin, empty where it needs none.

    The page then shows Chinese names on any machine; a reader's own fonts come first.
    """
    from fontTools import subset

    wanted = {ord(character) for character in text if ord(character) >= _FIRST_CHINESE}
    if not wanted or not _SHIPPED.exists():
        return ""
    options = subset.Options(flavor="woff", layout_features=[], name_IDs=[1, 13, 14], recalc_timestamp=False)
    content = io.BytesIO()
    with subset.load_font(str(_SHIPPED), options) as font:
        font.recalcTimestamp = False
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        subset.save_font(font, content, options)
    code = base64.b64encode(content.getvalue()).decode("ascii")
    source = f'url(data:font/woff;base64,{code}) format("woff")'
    return f'@font-face {{ font-family: "{_FAMILY}"; src: {source}; font-display: block; }}'
