"""Who somebody is, and finding somebody who fits a description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Schooling, Work, Zone
from urbsim.experiment.errors import ExperimentError
from urbsim.labels import bilingual
from urbsim.population import People, years_old
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import either, listed, quoted
from urbsim.state.tally import ADULT_AGE
from urbsim.state.world import World

Fits = NDArray[np.bool_]


class Word(NamedTuple):
    """A word of a description: the kind of thing it says, and who it fits."""

    kind: str
    name: str
    fits: Callable[[People], Fits]


def _code(kind: str, column: str, code: IntEnum) -> Word:
    return Word(kind, code.name.lower(), lambda people: np.asarray(getattr(people, column) == int(code)))


def _sex(female: int) -> Word:
    return Word("sex", "female" if female else "male", lambda people: np.asarray(people.female == female))


def _here(people: People) -> Fits:
    return np.asarray((people.registration == people.county) & (people.registration >= 0))


_WORDS: dict[Word, str] = {
    _sex(1): "female woman women f 女 女性 妇女",
    _sex(0): "male man men m 男 男性",
    _code("zone", "zone", Zone.VILLAGE): "village villages 村 乡村 农村",
    _code("zone", "zone", Zone.TOWN): "town towns 镇 建制镇 乡镇",
    _code("zone", "zone", Zone.SEAT): "seat county-seat 县城 城区",
    _code("zone", "zone", Zone.NEAR): "near 省内 省内县外",
    _code("zone", "zone", Zone.FAR): "far 省外",
    Word("registration", "local_urban", lambda p: _here(p) & (p.urban_registered == 1)): (
        "local-urban urban-registered urban-hukou 城镇户籍 城镇户口 非农户口 本地城镇户籍"
    ),
    Word("registration", "local_rural", lambda p: _here(p) & (p.urban_registered == 0)): (
        "local-rural rural-registered rural-hukou 农村户籍 农村户口 农业户口 本地农村户籍"
    ),
    Word("registration", "elsewhere", lambda p: ~_here(p)): (
        "elsewhere registered-elsewhere outsider migrant 外地户籍 外地户口 外来"
    ),
    _code("schooling", "schooling", Schooling.NONE): "unschooled no-schooling 文盲 未上学",
    _code("schooling", "schooling", Schooling.PRIMARY): "primary 小学",
    _code("schooling", "schooling", Schooling.JUNIOR): "junior 初中",
    _code("schooling", "schooling", Schooling.SENIOR): "senior 高中",
    _code("schooling", "schooling", Schooling.COLLEGE): "college university 大学 大专 本科",
    _code("work", "work", Work.INACTIVE): "inactive 不工作",
    _code("work", "work", Work.FARM): "farm farmer 务农 农民",
    _code("work", "work", Work.INDUSTRY): "industry 工业",
    _code("work", "work", Work.SERVICES): "services 服务业",
    _code("work", "work", Work.SEEKING): "seeking unemployed 求职 失业",
    Word("family", "single", lambda people: np.asarray(people.spouse < 0)): "single unmarried 未婚 单身",
    Word("family", "married", lambda people: np.asarray(people.spouse >= 0)): "married 已婚",
    Word(
        "family", "mother", lambda people: np.asarray((people.female == 1) & (people.first_child >= 0))
    ): "mother 母亲",
}
_BY_WORD = {spelling: word for word, spellings in _WORDS.items() for spelling in spellings.split()}
_AGES = re.compile(r"(?:aged?)?(\d{1,3})(?:\s*(?:-|–|—|~|至|到)\s*(\d{1,3})|(\+))?\s*(?:岁以上|岁|years?|yrs?)?")
_CHINESE = sorted((word for word in _BY_WORD if not word.isascii()), key=len, reverse=True)
_UNKNOWN = r"[^\s,，、;；A-Za-z0-9]+|[^\s,，、;；]"
_TOKEN = re.compile("|".join([r"\d{6}", _AGES.pattern, *_CHINESE, r"[A-Za-z][A-Za-z_-]*", _UNKNOWN]))


@dataclass(frozen=True)
class PersonDescription:
    """Who is looked for: of several words of one kind any fits, and all kinds have to."""

    text: str
    words: tuple[Word, ...] = ()
    ages: tuple[tuple[int, int], ...] = ()
    counties: tuple[str, ...] = field(default=())


def read_description(text: str) -> PersonDescription:
    """Return what a description such as ``female 25-30 village`` or ``女 25-30 村`` says.

    Raises
    ------
    ExperimentError
        If a word means nothing here, or ages are upside down.
    """
    words, ages, counties = [], [], []
    for found in _TOKEN.finditer(text):
        token = found[0].lower().replace("_", "-")
        if re.fullmatch(r"\d{6}", token):
            counties.append(token)
        elif match := _AGES.fullmatch(token):
            ages.append(_ages(match, token))
        elif token in _BY_WORD:
            words.append(_BY_WORD[token])
        else:
            likely = similar(token, _BY_WORD)
            hint = (
                bilingual(f"did you mean '{likely}'?", f"是否想写“{likely}”？")
                if likely
                else bilingual(
                    f"write an age such as 25-30, and words: {_examples()}",
                    f"请写年龄（例如 25-30）和词语：{_examples()}",
                )
            )
            raise ExperimentError(
                bilingual(
                    f"'{text.strip()}' says nobody: {quoted(found[0])} is not known; {hint}",
                    f"“{text.strip()}”没有指明任何人：不认识{quoted(found[0])}；{hint}",
                )
            )
    if not (words or ages or counties):
        raise ExperimentError(
            bilingual(
                f"say who is looked for: an age such as 25-30, and words such as {_examples()}",
                f"请说明找谁：年龄（例如 25-30）和词语，例如 {_examples()}",
            )
        )
    return PersonDescription(text.strip(), tuple(words), tuple(ages), tuple(counties))


def _ages(match: re.Match[str], token: str) -> tuple[int, int]:
    first = int(match[1])
    open_ended = match[3] or token.endswith("岁以上")
    last = int(match[2]) if match[2] else (200 if open_ended else first)
    if last < first:
        raise ExperimentError(
            bilingual(
                f"the ages {quoted(token)} are upside down; write {last}-{first}",
                f"年龄{quoted(token)}写反了；请写 {last}-{first}",
            )
        )
    return first, last


def _examples() -> str:
    chosen = bilingual(r"\S+", r"[\u4e00-\u9fff]+")
    found = (re.search(chosen, spellings) for spellings in _WORDS.values())
    return listed(match[0] for match in found if match)


def find_person(world: World, month: int, description: PersonDescription) -> int:
    """Return the row of whoever fits: of all adults who are not at school the one with the smallest key.

    Raises
    ------
    ExperimentError
        If nobody fits; the message says how many fit which part.
    """
    people = world.population.people.view()
    age = years_old(people.birth, month)
    fitting = np.asarray((people.alive == 1) & (people.stage == 0) & (age >= ADULT_AGE))
    counts = [bilingual(f"{fitting.sum():,} adults who are not at school", f"{fitting.sum():,} 名不在学的成年人")]
    for name, fits in _conditions(world, people, age, description):
        fitting &= fits
        counts.append(bilingual(f"of these {fitting.sum():,} {name}", f"其中{name} {fitting.sum():,} 人"))
    rows = np.flatnonzero(fitting)
    if not rows.size:
        raise ExperimentError(
            bilingual(
                f"nobody is '{description.text}'; in the sample there are {'; '.join(counts)}",
                f"没有人符合“{description.text}”；样本中有 {'；'.join(counts)}",
            )
        )
    return int(rows[people.key[rows].argmin()])


def _conditions(
    world: World, people: People, age: NDArray[np.int32], description: PersonDescription
) -> list[tuple[str, Fits]]:
    """Return what has to hold, one entry for each kind: a name and who it fits."""
    found: list[tuple[str, Fits]] = []
    for kind in dict.fromkeys(word.kind for word in description.words):
        words = [word for word in description.words if word.kind == kind]
        found.append((either(w.name for w in words), np.any([word.fits(people) for word in words], axis=0)))
    if description.ages:
        name = either(bilingual(f"aged {first}-{last}", f"{first}-{last} 岁") for first, last in description.ages)
        found.append((name, np.any([(age >= first) & (age <= last) for first, last in description.ages], axis=0)))
    if description.counties:
        unknown = [code for code in description.counties if code not in world.codes]
        if unknown:
            raise ExperimentError(
                bilingual(
                    f"county {unknown[0]} is not in this scenario; it has {', '.join(world.codes)}",
                    f"县 {unknown[0]} 不在该情景中；其中有 {'、'.join(world.codes)}",
                )
            )
        numbers = [world.codes.index(code) for code in description.counties]
        found.append(
            (
                bilingual(f"of {either(description.counties)}", f"{either(description.counties)} 的"),
                np.isin(people.county, numbers),
            )
        )
    return found


def read_key(text: str) -> int:
    """Return the key of a person as written, ``0x`` and hexadecimal digits as they are shown, or a decimal number.

    Raises
    ------
    ExperimentError
        If the text is no key.
    """
    try:
        key = int(text, 0)
        if not 0 <= key < 2**64:
            raise ValueError
    except ValueError:
        raise ExperimentError(
            bilingual(
                f"{quoted(text)} is not the key of a person; keys are shown by --pick, such as 0x00c0ffee00c0ffee",
                f"{quoted(text)}不是人的键；--pick 会显示键，例如 0x00c0ffee00c0ffee",
            )
        ) from None
    return key


def find_key(world: World, key: int) -> int:
    """Return the row of the person with a key who lives in the month, here or outside.

    Raises
    ------
    ExperimentError
        If nobody has the key, or the person has died or left the world.
    """
    people = world.population.people
    rows = np.flatnonzero(people.key == np.uint64(key))
    if not rows.size:
        raise ExperimentError(
            bilingual(
                f"nobody has the key {shown_key(key)} by this month: not yet born or arrived, or of another "
                "scale, seed or "
                "draw",
                f"到本月没有键为 {shown_key(key)} 的人：尚未出生或迁入，或属于另一个抽样比例、种子或抽样",
            )
        )
    row = int(rows[0])
    if not people.alive[row]:
        raise ExperimentError(
            bilingual(
                f"{shown_key(key)} is not there any more: dead, or gone from the world for good",
                f"{shown_key(key)} 已不在：死亡，或永久离开了模拟",
            )
        )
    return row


def shown_key(key: int) -> str:
    """Return a key as people read and write it."""
    return f"0x{key:016x}"


class Person(NamedTuple):
    """Who somebody is in one month; codes are the names of the members of ``urbsim.codes``."""

    key: str
    sex: str
    age: int
    county: str  # code of the county of residence, or of the home of somebody outside
    zone: str
    registration: str  # code of the county, or "same province", "other province" for people from outside the world
    registered_zone: str
    urban_registered: bool
    schooling: str
    stage: str
    work: str
    earnings: float  # yuan a month
    trained: float  # log points of earnings
    insured: bool
    spouse: str | None  # key
    spouse_zone: str | None
    children_under_16: int
    mother: str | None  # key, where she is alive
    household_at_home: int  # members who live at the home
    home_zone: str
    tenure: str
    land: float  # mu
    land_certified: bool
    homestead: bool
    savings: float  # yuan


def person_at(world: World, row: int, month: int) -> Person:
    """Return who the person in a row is."""
    people, homes = world.population.people, world.population.households
    home = int(people.household[row])

    def name(code: Any, kind: type[IntEnum]) -> str:
        return kind(int(code)).name.lower()

    def key(other: int) -> str | None:
        return shown_key(int(people.key[other])) if other >= 0 and people.alive[other] else None

    from urbsim.codes import Stage, Tenure

    registration, spouse = int(people.registration[row]), int(people.spouse[row])
    children = (people.mother == (row if people.female[row] else spouse)) & (people.mother >= 0) & (people.alive == 1)
    at_home = (people.household == home) & (people.alive == 1) & (people.zone < Zone.NEAR)
    return Person(
        key=shown_key(int(people.key[row])),
        sex="female" if people.female[row] else "male",
        age=int(years_old(people.birth[row], month)),
        county=world.codes[people.county[row]],
        zone=name(people.zone[row], Zone),
        registration=world.codes[registration] if registration >= 0 else _OUTSIDE[registration],
        registered_zone=name(people.registered_zone[row], Zone),
        urban_registered=bool(people.urban_registered[row]),
        schooling=name(people.schooling[row], Schooling),
        stage=name(people.stage[row], Stage),
        work=name(people.work[row], Work),
        earnings=float(people.earnings[row]),
        trained=float(people.trained[row]),
        insured=bool(people.insurance[row] > 0),
        spouse=key(spouse),
        spouse_zone=name(people.zone[spouse], Zone) if spouse >= 0 else None,
        children_under_16=int((children & (years_old(people.birth, month) < ADULT_AGE)).sum()),
        mother=key(int(people.mother[row])),
        household_at_home=int(at_home.sum()),
        home_zone=name(homes.zone[home], Zone),
        tenure=name(homes.tenure[home], Tenure),
        land=float(homes.land[home]),
        land_certified=bool(homes.certified[home]),
        homestead=bool(homes.homestead[home]),
        savings=float(homes.savings[home]),
    )


_OUTSIDE = {-1: "same province", -2: "other province"}
