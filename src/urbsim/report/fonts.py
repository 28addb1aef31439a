"""The font of charts and reports: the one that ships with urbsim, else one for Chinese found on the system."""

from __future__ import annotations

import base64
import io
import sys
from functools import cache
from pathlib import Path

from matplotlib import font_manager

_SHIPPED = Path(__file__).parent / "fonts" / "UrbsimSansSC-Regular.otf"
_FAMILY = "Urbsim Sans SC"
_FIRST_CHINESE = 0x2E80  # everything below is in common fonts
_INSTALLED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Heiti SC",
)


@cache
def chinese_font() -> str | None:
    """Return the family name of a font with Chinese glyphs, made known to matplotlib.

    Says so on standard error, once, if there is none: Chinese text then shows as empty boxes.
    """
    if _SHIPPED.exists():
        font_manager.fontManager.addfont(_SHIPPED)
        return str(font_manager.FontProperties(fname=_SHIPPED).get_name())
    installed = {font.name for font in font_manager.fontManager.ttflist}
    for family in _INSTALLED:
        if family in installed:
            return family
    print(
        f"urbsim: no Chinese font found ({_SHIPPED.name} is missing and none of {', '.join(_INSTALLED)} is "
        "installed); Chinese text in charts will show as boxes",
        file=sys.stderr,
    )
    return None


def font_face(text: str) -> str:
    """Return the style rule that embeds the glyphs which a page in HTML needs beyond Latin, empty where it needs none.

    The page then shows Chinese names on any machine; a reader's own fonts come first.
    """
    from fontTools import subset

    wanted = {ord(character) for character in text if ord(character) >= _FIRST_CHINESE}
    if not wanted or not _SHIPPED.exists():
        return ""
    options = subset.Options(flavor="woff", layout_features=[], name_IDs=[1, 13, 14], recalc_timestamp=False)
    font = subset.load_font(str(_SHIPPED), options)
    font.recalcTimestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    content = io.BytesIO()
    subset.save_font(font, content, options)
    code = base64.b64encode(content.getvalue()).decode("ascii")
    source = f'url(data:font/woff;base64,{code}) format("woff")'
    return f'@font-face {{ font-family: "{_FAMILY}"; src: {source}; font-display: block; }}'
