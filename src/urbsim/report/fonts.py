"""The font of the charts: the one that ships with urbsim, else one for Chinese found on the system."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from matplotlib import font_manager

_SHIPPED = Path(__file__).parent / "fonts" / "UrbsimSansSC-Regular.otf"
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
