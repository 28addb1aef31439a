"""Whatever people read is in both languages, and one thing decides which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from urbsim.cli import app
from urbsim.commands.language import chinese_help
from urbsim.labels import LANGUAGE_VARIABLE, Label, bilingual, language_of, speaking, spoken
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.scenario.loading import load_scenario

SOURCES = Path(__file__).parents[2] / "src" / "urbsim"
CHINESE = re.compile("[\u3400-\u9fff]")
#: Two English words, perhaps with a value between them.
ENGLISH = re.compile(r"[a-z]{2,}[,;:]? [a-z({]|\} [a-z]{2,}|[a-z]{2,} \{")
#: Calls whose first argument, or all of them, are read by people.
SAYING = {
    "say",
    "problem",
    "note",
    "message",
    "stage",
    "_refused",
    "_refuse",
    "print_text",
    "check_name",
    "note_unknown",
}
#: Mistakes of those who write code, and what no person is shown.
INTERNAL = {
    "AccountsError",
    "AssertionError",
    "AttributeError",
    "BrokenEntryError",
    "FittingError",
    "NotWantedError",
    "NotImplementedError",
    "TypeError",
}
#: Rooms whose messages are for those who add to urbsim; the page has words of its own.
FOR_CONTRIBUTORS = ("evidence", "programmes", "validation", "processes", "posterior", "quantities", "page")
VALUE_ERRORS_OF_USERS = ("policies", "months.py", "reading/fields.py", "scenario", "decision", "distribution", "api.py")


@cache
def _sources() -> tuple[tuple[str, ast.Module], ...]:
    """Return the modules that say something to users, by name; parsed once for all tests."""
    paths = [(path.relative_to(SOURCES).as_posix(), path) for path in sorted(SOURCES.rglob("*.py"))]
    return tuple((n, ast.parse(path.read_text("utf-8"))) for n, path in paths if not n.startswith(FOR_CONTRIBUTORS))


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func).split(".")[-1] if isinstance(node, ast.Call) else ""


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return text.removeprefix("urbsim: ")


def _english(node: ast.AST) -> Iterator[str]:
    """Yield the English phrases in an expression that are not one of a pair."""
    if _called(node) in {"bilingual", "Label"}:
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        if ENGLISH.search(_text(node)) and not CHINESE.search(_text(node)):
            yield _text(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from _english(child)


def _said(name: str, tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """Yield what people are told, with its line: errors raised, mistakes noted, lines printed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            kind = _called(node.exc)
            is_internal = kind in INTERNAL or (kind == "ValueError" and not name.startswith(VALUE_ERRORS_OF_USERS))
            if not is_internal:
                yield from ((node.lineno, argument) for argument in node.exc.args)
        elif isinstance(node, ast.Call) and _called(node) in SAYING:
            yield from ((node.lineno, argument) for argument in node.args)


def test_everything_that_people_are_told_is_in_chinese_too() -> None:
    """A message is a pair at the place of it; what only English says is named here with file and line."""
    alone = [
        f"{name}:{line}: {text}"
        for name, tree in _sources()
        for line, node in _said(name, tree)
        for text in _english(node)
    ]
    assert alone == []


def _pairs() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    for name, tree in _sources():
        for node in ast.walk(tree):
            if _called(node) in {"bilingual", "Label"} and isinstance(node, ast.Call) and len(node.args) == 2:
                yield f"{name}:{node.lineno}", node.args[0], node.args[1]


def test_the_chinese_of_a_pair_is_chinese() -> None:
    """A phrase in English beside itself, or beside nothing, is no pair."""
    written = [
        (place, english, chinese)
        for place, english, chinese in _pairs()
        if isinstance(english, ast.Constant | ast.JoinedStr) and isinstance(chinese, ast.Constant | ast.JoinedStr)
    ]
    assert len(written) > 600
    alone = [
        f"{place}: {_text(en)}"
        for place, en, zh in written
        if ENGLISH.search(re.sub(r"\{\}", "", _text(en))) and not CHINESE.search(_text(zh))
    ]
    assert [text for text in alone if not text.endswith("true, false")] == []


def _keys(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key is not None)
        elif isinstance(node, ast.Subscript):
            yield node.slice


def test_no_key_depends_on_the_language() -> None:
    """Keys are compared, hashed and read by programs: a folder is the same folder in either language."""
    assert [
        f"{name}:{key.lineno}" for name, tree in _sources() for key in _keys(tree) if _called(key) == "bilingual"
    ] == []


def _values(node: ast.expr) -> set[str]:
    return {ast.unparse(part.value) for part in ast.walk(node) if isinstance(part, ast.FormattedValue)}


def test_both_languages_of_a_message_hold_the_same_values() -> None:
    """What the English message names, the Chinese one names too: a file, a key, a bound (words are others)."""
    lost = {
        place: missing
        for place, english, chinese in _pairs()
        if (missing := {each for each in _values(english) - _values(chinese) if each.isidentifier()})
    }
    assert {place: names for place, names in lost.items() if names - {"en", "where", "done"}} == {}


#: English words side by side that are no name of a file, key or code.
SENTENCE = re.compile(r"[a-z]{2,},? [a-z]{2,}")
BROKEN = sorted((Path(__file__).parents[1] / "scenario" / "broken").rglob("*.yaml"))


def _outside_quotes(text: str) -> str:
    return re.sub(r"“[^”]*”|'[^']*'|\"[^\"]*\"", "", text)


def test_a_broken_scenario_is_never_answered_in_english() -> None:
    """Every broken file of the tests: what is wrong, and what is allowed; positions are the same in both languages."""
    mistakes: dict[str, list[Any]] = {}
    with speaking("zh"):
        for path in BROKEN:
            try:
                mistakes[path.name] = [Problem("", 0, 0, doubt) for doubt in load_scenario(path).doubts]
            except ScenarioError as error:
                mistakes[path.name] = list(error.problems)
    said = {(name, part) for name, found in mistakes.items() for each in found for part in (each.found, each.allowed)}
    assert sum(bool(CHINESE.search(part)) for _, part in said) > 200
    assert {(name, part) for name, part in said if SENTENCE.search(_outside_quotes(part))} == set()
    some = BROKEN[:: len(BROKEN) // 20]
    for path in some:
        with speaking("en"):
            try:
                english = list(load_scenario(path).doubts)
            except ScenarioError as error:
                english = [(each.line, each.column, _plain(each.suggestion)) for each in error.problems]
                chinese = [(each.line, each.column, _plain(each.suggestion)) for each in mistakes[path.name]]
                assert english == chinese


def _plain(suggestion: str | None) -> str:
    """Return what is suggested without the brackets of a language."""
    return (suggestion or "").replace("（", " (").replace("）", ")")


def _commands() -> dict[str, Any]:
    program: Any = typer.main.get_command(app)
    return {"urbsim": program, **program.commands}


def test_every_command_option_and_argument_has_help_in_chinese() -> None:
    """Texts are found by the English ones: an English one that changes has no Chinese until it is written."""
    texts = chinese_help()
    options = set()
    for name, command in _commands().items():
        assert CHINESE.search(texts["commands"][name]["help"]), name
        with speaking("en"):
            assert ("epilog" in texts["commands"][name]) == bool(command.epilog), name
        for param in command.params:
            options |= {text for text in (getattr(param, "help", None),) if text}
    missing = {text for text in options if not CHINESE.search(texts["options"].get(text, ""))}
    assert missing == set()
    of_typer = {"Show this message and exit.", "URBSIM_LANG, else the locale"}
    assert set(texts["options"]) - options - of_typer == set()
    assert set(texts["commands"]) == set(_commands())


@pytest.mark.parametrize("command", ["run", "calibrate", "groups"])
def test_help_is_in_the_language_asked_for(command: str) -> None:
    chinese = CliRunner().invoke(app, [command, "--help", "--lang", "zh"], env={"COLUMNS": "100"}).output
    english = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "100"}).output
    assert "用法：" in chinese
    assert "选项" in chinese
    assert ENGLISH.search(re.sub(r"urbsim [^│\n]*|[a-z.-]+://\S+|--\S+|docs/\S+", "", chinese).lower()) is None or (
        "Options" not in chinese and "Usage" not in chinese and "default" not in chinese
    )
    assert "Usage:" in english
    assert not CHINESE.search(english.replace("女 25-30 村", ""))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "缺少参数 'SCENARIO.yaml'。"),
        (["run", "--scale", "x", "a.yaml"], "'--scale' 的值无效：应为数字"),
        (["run", "--jobs", "0", "a.yaml"], "'--jobs' 的值无效：应不小于 1"),
        (["run", "--nonsense", "a.yaml"], "没有选项 --nonsense"),
        (["run", "a.yaml", "b.yaml"], "多余的参数：b.yaml"),
        (["rum"], "没有命令 'rum'。是否想写 'run'？"),
        (["run", "--scale"], "选项 '--scale' 需要一个值。"),
        (["compare", "a.yaml"], "值无效：请给出基准情景和至少一个其他情景"),
        (["run", "a.yaml", "-i", "城镇率"], "没有指标"),
    ],
)
def test_mistakes_in_options_are_said_in_chinese(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["--lang", "zh", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert message in result.output
    assert not re.search("Usage|Error|Try|Invalid", result.output)


def test_the_language_option_may_stand_anywhere_and_must_be_one_of_two() -> None:
    for arguments in (["--lang", "zh", "validate", "none.yaml"], ["validate", "none.yaml", "--lang=zh"]):
        assert "文件不存在" in CliRunner().invoke(app, arguments).output
    assert "no such file" in CliRunner().invoke(app, ["validate", "none.yaml"]).output
    refused = CliRunner().invoke(app, ["validate", "none.yaml", "--lang", "fr"], env={"COLUMNS": "200"})
    assert refused.exit_code == 2
    assert "'fr' is not one of 'en', 'zh'" in refused.output


def test_the_environment_decides_and_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        "文件不存在"
        in CliRunner().invoke(app, ["validate", "none.yaml"], env={LANGUAGE_VARIABLE: "zh_CN.UTF-8"}).output
    )
    refused = CliRunner().invoke(app, ["validate", "none.yaml"], env={LANGUAGE_VARIABLE: "xx", "COLUMNS": "200"})
    assert refused.exit_code == 2
    assert "'xx' is no language; allowed: en, zh" in refused.output


def test_the_locale_decides_where_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LANGUAGE_VARIABLE)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert spoken() == "zh"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")  # neither of the two
    assert spoken() == "en"
    monkeypatch.setenv(LANGUAGE_VARIABLE, "zh")
    assert (spoken(), bilingual("yes", "是"), str(Label("no", "否"))) == ("zh", "是", "否")
    with speaking("en"):
        assert bilingual("yes", "是") == "yes"
    assert [language_of(name) for name in ("ZH-hans", "en_GB", "C.UTF-8", "fr")] == ["zh", "en", "en", None]


def test_chinese_tables_count_people_in_wan_and_money_in_yi() -> None:
    from urbsim.report.numbers import format_of, money_format

    people, money = format_of("residents", 650_870.0, "zh"), format_of("public_spending", 4.8795e9, "zh")
    assert (people.value(650_870.0), people.unit.zh, people.difference(-1_234.0)) == ("65.09", "万人", "−0.123")
    assert (money.value(4.8795e9), money.unit.zh) == ("48.80", "亿元/年")
    assert format_of("public_spending", 12_340_000.0, "zh").value(12_340_000.0) == "1,234"
    assert format_of("residents", 9_999.0, "zh").unit.zh == "人"
    assert [money_format(4.8e8, "zh").value(each) for each in (4.8e8, 1.2e6)] == ["4.80", "0.01"]
    assert (money_format(1.2e6, "zh").value(1.2e6), money_format(1.2e6, "zh").unit.zh) == ("120.0", "万元")
    assert (money_format(4.8e8, "en").value(4.8e8), money_format(4.8e8, "en").unit.en) == ("480.0", "million yuan")
    assert format_of("residents", 650_870.0, "en").value(650_870.0) == "650,870"
