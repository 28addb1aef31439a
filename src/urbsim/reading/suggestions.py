"""What somebody probably meant who wrote a word that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from urbsim.labels import Label, bilingual
from urbsim.reading.marks import plain

#: A suggestion must be at least this similar to the word found (share of characters that agree).
_SIMILAR = 0.6
#: Chinese words are so short that one character in two must do.
_SIMILAR_CHINESE = 0.5
#: A word that is a piece of a longer name, such as the end of a dotted parameter, must agree almost entirely.
_CONTAINED = 90.0
_SHORTEST_PIECE = 5
#: A whole part of a name may be shorter: ``seat`` of ``seat_residents``, 城镇化 of 常住人口城镇化率.
_SHORTEST_PART = 3
_SHORTEST_CHINESE_PART = 2
#: Where only some parts of a word are in a name, they are of so many letters and make up so much of the word's parts.
_SHORTEST_SHARED, _SIMILAR_PARTS = 4, 0.5
_LONGEST = 60
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def similar(word: str, choices: Iterable[str], labels: Mapping[str, Label] | None = None) -> str | None:
    """Return the choice that was most likely meant, or None where nothing comes near.

    A word may also be the label of a choice, as in ``named``, and a Chinese word like one.
    """
    choices = list(choices)
    if labels and (meant := named(word, {choice: labels[choice] for choice in choices})):
        return meant
    spelt = {choice: _spellings(choice) for choice in choices}
    if labels and _CHINESE.search(word):
        spelt = {choice: [*spellings, *_spellings(labels[choice].zh)] for choice, spellings in spelt.items()}
    return next(iter(closest(word, spelt, 1)), None)


def named(word: str, labels: Mapping[str, Label]) -> str | None:
    """Return the choice that a word names: itself, its label in either language, or the end of a Chinese label.

    Of several labels that end so the first counts: 城镇化率 is the urbanization rate of residents, which stands first.
    None where the word names nothing.
    """
    wanted = word.strip()
    if wanted in labels:
        return wanted
    exact = (name for name, label in labels.items() if wanted.lower() in (label.en.lower(), label.zh))
    ends = (name for name, label in labels.items() if _CHINESE.search(wanted) and label.zh.endswith(wanted))
    return next(exact, None) or next(ends, None)


def closest(word: str, choices: Mapping[str, Iterable[str]], limit: int = 3) -> list[str]:
    """Return the choices that were most likely meant, best first; empty where nothing comes near.

    ``choices`` holds all spellings of each; of equally similar ones the first is best. A Chinese word is compared by
    its characters and by its pinyin.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    word = word[:_LONGEST]
    meaning = [(spelling, choice) for choice, spellings in choices.items() for spelling in spellings]
    known = [spelling.lower() for spelling, _ in meaning]
    scores: dict[str, float] = {}
    for written, least in _tried(word):
        found = process.extract(written, known, scorer=OSA.normalized_similarity, limit=None, score_cutoff=least)
        for _, score, place in found:
            choice = meaning[place][1]
            scores[choice] = max(score, scores.get(choice, 0.0))
    if not scores:
        scores = dict.fromkeys((choice for spelling, choice in meaning if _is_part(word, spelling)), _SIMILAR)
    if not scores and len(word) >= _SHORTEST_PIECE:
        longer = [pair for pair in meaning if len(pair[0]) > len(word)]
        pieces = [spelling.lower() for spelling, _ in longer]
        found = process.extract(word.lower(), pieces, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=_CONTAINED)
        for _, score, place in found:
            scores.setdefault(longer[place][1], score)
    if not scores:
        shared = {choice: _parts_shared(word, spellings) for choice, spellings in choices.items()}
        scores = {choice: share for choice, share in shared.items() if share >= _SIMILAR_PARTS}
    order = {choice: number for number, choice in enumerate(choices)}
    return sorted(scores, key=lambda choice: (-scores[choice], order[choice]))[:limit]


def did_you_mean(
    word: str, choices: Iterable[str], joint: str | None = None, labels: Mapping[str, Label] | None = None
) -> str:
    """Return the end of a sentence that suggests what was meant; empty where nothing comes near."""
    meant = similar(word, choices, labels)
    begun = bilingual("; ", "；") if joint is None else joint
    return bilingual(f"{begun}did you mean '{meant}'?", f"{begun}是否想写“{meant}”？") if meant else ""


def _is_part(word: str, name: str) -> bool:
    """Return whether a word is one of the parts that a name is made of."""
    if _CHINESE.search(word):
        return len(word) >= _SHORTEST_CHINESE_PART and word in name
    return len(word) >= _SHORTEST_PART and word.lower() in re.split(r"[\W_]+", name.lower())


def _parts_shared(word: str, spellings: Iterable[str]) -> float:
    """Return how many of a word's parts are in a name: ``hukou`` of ``hukou_opening``, 落户 of 落户户."""
    if _CHINESE.search(word):
        parts = [word[first : first + _SHORTEST_CHINESE_PART] for first in range(len(word) - 1)]
        found = [part for part in parts if any(part in name for name in spellings)]
    else:
        parts = re.split(r"[_.-]", word.lower())  # not at commas: a list is no name
        long = [part for part in parts if len(part) >= _SHORTEST_SHARED]
        found = [part for part in long if any(_is_part(part, name) for name in spellings)]
    return len(found) / len(parts) if parts else 0.0


def _tried(word: str) -> list[tuple[str, float]]:
    """Return what to look for and how similar it must be: a Chinese word, or one that sounds the same."""
    if not _CHINESE.search(word):
        return [(spelling.lower(), _SIMILAR) for spelling in dict.fromkeys((word, plain(word)))]
    as_written, sound = _spellings(word)
    return [(as_written, _SIMILAR_CHINESE), (sound, 1.0)]


def _spellings(word: str) -> list[str]:
    if not _CHINESE.search(word):
        return [word]
    from pypinyin import lazy_pinyin

    return [word, "".join(lazy_pinyin(word))]
