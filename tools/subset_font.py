"""Cut the Chinese font that ships with urbsim from Noto Sans CJK.

Keeps Latin, punctuation, the 21,791 characters of GBK and every character of the names in the region tables, so that
charts look the same on every machine, whatever names people give. Needs the Debian package ``fonts-noto-cjk``::

    python tools/subset_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "urbsim" / "report" / "fonts" / "UrbsimSansSC-Regular.otf"
FAMILY = "Urbsim Sans SC"
RANGES = (
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0xFF),  # Latin-1 supplement
    (0x2010, 0x2026),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203B),  # per mille, primes
    (0x2190, 0x2193),  # arrows
    (0x3000, 0x3020),  # Chinese punctuation
    (0xFF01, 0xFF5E),  # full-width forms
)
SINGLES = "−×÷≈≠≤≥±·•℃㎡"


def gbk() -> set[str]:
    """Return every character of GBK: simplified and traditional Chinese, kana, Greek, Cyrillic, marks and symbols."""
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found.add(bytes((lead, trail)).decode("gbk"))
            except UnicodeDecodeError:
                continue  # codes in no use
    return found


def names_in_tables() -> set[str]:
    """Return every Chinese character used in the committed region tables."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "calibration" / "tables").glob("*.csv"))
    return {character for character in text if character >= "\u3400"}


def simplified_chinese(collection: Path) -> TTFont:
    """Return the face for simplified Chinese of a collection."""
    for face in TTCollection(collection):
        if face["name"].getDebugName(4) == "Noto Sans CJK SC":
            return face
    raise SystemExit(f"{collection} holds no Noto Sans CJK SC")


def rename(face: TTFont) -> None:
    """Give the cut font its own name, so that it is never mistaken for an installed, complete one."""
    names = face["name"]
    names.names = [record for record in names.names if record.nameID in (0, 5, 7, 13, 14)]
    for number, text in (
        (1, FAMILY),
        (2, "Regular"),
        (3, f"{FAMILY} Regular"),
        (4, FAMILY),
        (6, "UrbsimSansSC-Regular"),
    ):
        names.setName(text, number, 3, 1, 0x409)
    top = face["CFF "].cff
    top.fontNames[0] = "UrbsimSansSC-Regular"
    top.topDictIndex[0].FamilyName = top.topDictIndex[0].FullName = FAMILY


def main() -> None:
    """Write the cut font."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="NotoSansCJK-Regular.ttc")
    face = simplified_chinese(parser.parse_args().collection)
    characters = gbk() | names_in_tables() | set(SINGLES)
    characters |= {chr(code) for first, last in RANGES for code in range(first, last + 1)}
    options = subset.Options(layout_features=[], hinting=False, desubroutinize=False, name_IDs=[0, 5, 7, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(face)
    rename(face)
    face.save(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {len(face.getBestCmap()):,} characters, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
