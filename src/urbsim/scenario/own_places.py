"""The counties that rows of a table are about, by code or name, as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from urbsim.labels import bilingual, bracketed
from urbsim.reading.entries import Found
from urbsim.reading.grids import GridCell
from urbsim.reading.marks import plain
from urbsim.reading.suggestions import closest
from urbsim.reading.wording import listed, quoted

if TYPE_CHECKING:
    import pandas as pd

    from urbsim.region.places import Place

_MOST_NAMED = 5


class Counties:
    """The counties of a world, by their codes of a census year, and how tables name them."""

    def __init__(self, codes: Sequence[str], year: int) -> None:
        from urbsim.region.places import places_by_code
        from urbsim.region.tables import county_rows

        self.codes, self.year = tuple(codes), year
        self.places: dict[str, Place] = {code: places_by_code()[code] for code in codes}
        rows = county_rows(codes, year)
        self._rows: dict[str, pd.Series[Any]] = {str(row["code"]): row for _, row in rows.iterrows()}
        self._strange: dict[str, bool] = {}

    def name(self, code: str) -> str:
        """Return the Chinese name of a county."""
        return self.places[code].name

    def row(self, code: str) -> pd.Series[Any]:
        """Return the row of the county tables."""
        return self._rows[code]

    def residents(self, code: str) -> float:
        """Return the residents of a county in the census."""
        return float(self._rows[code]["residents"])

    def known(self, text: str) -> str | None:
        """Return the code of the county that a text names by code, name or pinyin, None where it is none or several."""
        wanted = plain(text).strip().lower().replace(" ", "").removesuffix(".0")
        named = [code for code, place in self.places.items() if wanted in _spellings(place)]
        if not named:
            # A full name begins with the prefecture or province.
            named = [code for code, place in self.places.items() if wanted.endswith(place.name)]
        return named[0] if len(named) == 1 else None

    def code_of(self, place: GridCell | None, at: GridCell, found: Found) -> str | None:
        """Return the county that a row is about; note why it is none of them otherwise."""
        if place is None:
            if len(self.codes) == 1:
                return self.codes[0]
            found.problems.append(
                at.problem(
                    bilingual("the row does not say which county it is of", "这一行没有写明是哪个县"), self._shown()
                )
            )
            return None
        code = self.known(place.text)
        if code is None and not self._strange.get(place.name + place.sheet):
            self._strange[place.name + place.sheet] = True
            self._note_strange(place, found)
        return code

    def _note_strange(self, place: GridCell, found: Found) -> None:
        """Note a place outside the world as a doubt, and one that does not exist as a problem."""
        from urbsim.region.places import find_places

        wanted = plain(place.text).strip().removesuffix(".0")
        elsewhere = [each for each in find_places(wanted) if wanted.lower() in _spellings(each)]
        if elsewhere:
            found.doubts.append(
                place.problem(
                    bilingual(
                        f"{quoted(place.text)} is not in the region, and not read",
                        f"{quoted(place.text)}不在模拟范围内，不读取",
                    )
                )
            )
            return
        spelt = {code: _spellings(each) for code, each in self.places.items()}
        meant = next(iter(closest(wanted, spelt, 1)), None)
        suggestion = bracketed(meant, self.name(meant)) if meant else None
        found.problems.append(
            place.problem(
                bilingual(f"unknown county {quoted(place.text)}", f"未知的县{quoted(place.text)}"),
                self._shown(),
                suggestion,
            )
        )

    def _shown(self) -> str:
        more = bilingual(" or others of the region", "，或该地区的其他县") if len(self.codes) > _MOST_NAMED else ""
        return listed(bracketed(code, self.name(code)) for code in self.codes[:_MOST_NAMED]) + more


def _spellings(place: Place) -> tuple[str, ...]:
    return (place.code, place.name, place.short_name, place.pinyin, place.short_pinyin)
