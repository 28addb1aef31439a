"""The texts of the page: both languages, none missing, none left over; and nothing loaded from elsewhere."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import urbsim.page

STATIC = Path(urbsim.page.__file__).parent / "static"
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").glob("*.js"))}
_OF_WORDS = [name for name in SOURCES if name.endswith("words.js")]
WORDS = re.findall(
    r"^  (\w+): \[\s*'((?:[^'\\]|\\.)*)',\s*'((?:[^'\\]|\\.)*)',?\s*\],?$",
    "".join(SOURCES[name] for name in _OF_WORDS),
    flags=re.M,
)

_IMPORTS = re.compile(r"^import \{([^}]*)\} from '\./(\w+\.js)'", flags=re.M)


def used() -> set[str]:
    """Return the words of the modules, in which the keys of lists and tables are too."""
    return {word for name, source in SOURCES.items() if name not in _OF_WORDS for word in re.findall(r"\w+", source)}


def test_every_text_is_there_once_and_in_both_languages() -> None:
    keys = [key for key, _, _ in WORDS]
    assert len(keys) == len(set(keys)) > 150
    assert all(english and chinese for _, english, chinese in WORDS)
    assert all(re.search("[\u4e00-\u9fff]|\\{|English", chinese) for _, _, chinese in WORDS)


def test_texts_fill_in_the_same_words_in_both_languages() -> None:
    for key, english, chinese in WORDS:
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), key


def test_every_text_asked_for_exists() -> None:
    keys = {key for key, _, _ in WORDS}
    asked = {key for source in SOURCES.values() for key in re.findall(r"\bt\('(\w+)'", source)}
    assert asked - keys == set()


def test_no_text_is_left_over() -> None:
    known = used()
    assert [key for key, _, _ in WORDS if key not in known and not key.startswith(("kind_", "step_", "payer_"))] == []


def test_nothing_is_made_of_html_text_or_code_text_or_loaded_from_elsewhere() -> None:
    for name, source in SOURCES.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source), (
            name
        )
        found = set(re.findall(r"https?://[^'\"`\s]+", source))
        assert found <= {"http://www.w3.org/2000/svg", "https://vega.github.io/schema/vega-lite/v6.json"}, name
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert all(link.startswith(("/static/", "#")) for link in re.findall(r'(?:src|href)="([^"]+)"', page))


def test_modules_are_short_and_import_what_there_is_in_one_direction() -> None:
    exported = {
        name: set(re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", source, flags=re.M))
        for name, source in SOURCES.items()
    }
    imports = {
        name: {module: set(re.findall(r"\w+", names)) for names, module in _IMPORTS.findall(source)}
        for name, source in SOURCES.items()
    }
    for name, modules in imports.items():
        assert SOURCES[name].count("\n") <= 300, name
        for module, names in modules.items():
            assert names <= exported[module], (name, module)
    tuple(TopologicalSorter({name: set(modules) for name, modules in imports.items()}).static_order())
