"""What a page may ask for: sizes that one machine carries, and the words for what is beyond them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from urbsim.experiment.plan import Plan
from urbsim.labels import Label
from urbsim.observation.indicators import INDICATORS
from urbsim.page.errors import RequestError
from urbsim.region.places import places_by_code

_GIB = 1 << 30
#: Bytes that a simulated person takes in a run, with room to spare, and that a recorded number takes when merged.
_BYTES_PER_PERSON, _BYTES_PER_NUMBER = 1500, 60
_BYTES_PER_RUN = 400_000_000
#: People of a sketch: so few that a month takes milliseconds.
_SKETCHED_PEOPLE = 2_000


@dataclass(frozen=True)
class PageLimits:
    """Largest request of each kind."""

    people: int = 1_000_000
    scenarios: int = 4
    runs: int = 400
    runs_of_points: int = 4_000
    queue: int = 60
    kept: int = 300
    body_bytes: int = 2_500_000
    memory_bytes: int = 8 * _GIB

    def check(self, plan: Plan) -> None:
        """Raise ``RequestError`` where a plan is more than this machine should be asked for."""
        people, runs = people_of(plan), len(plan.run_keys())
        if people > self.people:
            raise self._too_many_people(plan.baseline.scale, people)
        if runs > self.runs:
            raise RequestError(
                Label(
                    f"{runs} runs are asked for; this page does at most {self.runs}. Ask for fewer draws",
                    f"请求了{runs}次模拟，本页最多{self.runs}次。请减少参数组数",
                )
            )
        self._check_memory(plan, people, runs)

    def check_points(self, points: int, runs: int, command: str) -> None:
        """Raise ``RequestError`` where so many amounts, on so many runs each, are more than the page does."""
        if points * runs > self.runs_of_points:
            raise RequestError(
                Label(
                    f"{points} points on {runs} runs each; this page does at most {self.runs_of_points} runs. Ask for "
                    f"fewer of them or of the draws, or use '{command}' on the command line",
                    f"{points}个点各{runs}次模拟，本页最多{self.runs_of_points}次。请减少取值、尝试次数或参数组数，"
                    f"或在命令行使用 {command}",
                )
            )

    def _too_many_people(self, scale: float, people: float) -> RequestError:
        fits = max(self.people / max(people / scale, 1), 0.0001)
        return RequestError(
            Label(
                f"scale {scale:g} would simulate {people:,.0f} people at once; this page simulates at most "
                f"{self.people:,}. A scale of {fits:.2g} or less fits, or use 'urbsim compare' on the command line",
                f"抽样比例{scale:g}需同时模拟{people:,.0f}人，本页最多{self.people:,}人。可用{fits:.2g}或更小的比例，"
                "或在命令行使用 urbsim compare",
            )
        )

    def _check_memory(self, plan: Plan, people: float, runs: int) -> None:
        counties = len(plan.baseline.counties)
        numbers = runs * plan.baseline.months * len(INDICATORS) * (counties + (counties > 1))
        needed = _BYTES_PER_RUN + people * _BYTES_PER_PERSON + numbers * _BYTES_PER_NUMBER
        allowed = min(self.memory_bytes, available_memory())
        if needed > allowed:
            raise RequestError(
                Label(
                    f"this would take about {needed / _GIB:.1f} GiB of memory and {allowed / _GIB:.1f} GiB can be "
                    "used; ask for fewer draws, fewer counties, fewer years or a smaller scale",
                    f"约需{needed / _GIB:.1f} GiB内存，可用{allowed / _GIB:.1f} GiB；请减少参数组数、县数或年数，"
                    "或缩小抽样比例",
                )
            )


def people_of(plan: Plan) -> float:
    """Return about how many people one run of a plan simulates: residents of the census, at its scale."""
    known = places_by_code()
    residents = sum(
        known[code].residents.get(plan.baseline.base_year, max(known[code].residents.values()))
        for code in plan.baseline.counties
    )
    return residents * 1.35 * plan.baseline.scale  # with registered people who live elsewhere


def sketch_scale(residents: float, scale: float) -> float:
    """Return the scale of a sketch of a region: about two thousand people, never more than was asked for."""
    return min(scale, max(round(_SKETCHED_PEOPLE / max(residents, 1.0), 4), 0.0001))


def available_memory() -> int:
    """Return the bytes of memory that are free; very many where the system does not say."""
    try:
        return int(os.sysconf("SC_AVPHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return 1 << 50
