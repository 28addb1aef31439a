"""A hint is valid itself: what is suggested would be accepted at the place."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from urbsim.labels import Label
from urbsim.months import format_month, parse_month
from urbsim.reading.located import scalar
from urbsim.reading.marks import marks_of, plain
from urbsim.reading.suggestions import named, similar
from urbsim.scenario.hints import answer_hint, choice_hint, list_hint, month_asked, month_hint, number_hint
from urbsim.scenario.model import FIRST_MONTH, LAST_MONTH

amounts = st.text("0123456789.,_ %+-eE万亿０１２％．，x", max_size=12)
dates = st.text("0123456789-/. 年月日Qq２０－", max_size=12)


@given(amounts, st.sampled_from([(0.0, 1.0), (-0.05, 0.15), (0.0, 1e6), (1.0, 240.0)]), st.booleans())
@example("1,000", (0.0, 1e6), False)
def test_a_number_suggested_is_a_number_within_bounds(text: str, bounds: tuple[float, float], whole: bool) -> None:
    hint = number_hint(text, bounds, whole=whole)
    if hint is not None:
        number = scalar(hint)
        assert isinstance(number, int if whole else int | float)
        assert bounds[0] <= number <= bounds[1]


@given(dates, st.booleans())
@example("2025/12", False)
def test_a_month_suggested_is_a_month_of_a_run(text: str, last: bool) -> None:
    hint = month_hint(text, last=last)
    if hint is not None:
        assert format_month(parse_month(hint)) == hint
        assert FIRST_MONTH <= parse_month(hint) <= LAST_MONTH


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,000", "1000"),
        ("1_000_000", None),
        ("10 000", "10000"),
        ("1,5", None),
        ("1,50", None),
        ("10_00", None),
        ("１２", "12"),
        ("1.2万", "12000"),
        ("3万", "30000"),
        ("2亿", None),
        ("3%", None),
        ("5e2", "500"),
        ("five", None),
        ("1:30", None),
        ("-5", None),
        ("5 元", None),
        ("0x10", None),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_what_an_amount_of_at_most_a_hundred_thousand_was_meant_to_be(text: str, meant: str | None) -> None:
    assert number_hint(text, (0.0, 100_000.0)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025/12", "2025-12"),
        ("2025.1", "2025-01"),
        ("2025-1", "2025-01"),
        ("202512", "2025-12"),
        ("2025", "2025-01"),
        ("2025年", "2025-01"),
        ("2025年3月", "2025-03"),
        ("2025年3月1日", "2025-03"),
        ("2025-03-31", "2025-03"),
        ("２０２５－０３", "2025-03"),
        ("2025Q4", None),
        ("2025q1", None),
        ("2025H1", None),
        ("25-03", None),
        ("2025-13", None),
        ("12/2025", None),
        ("20250331", None),
        ("2025-3-1-1", None),
        ("2199-12", None),
        ("1999/12", None),
        ("Q4 2025", None),
    ],
)
def test_what_a_date_was_meant_to_be(text: str, meant: str | None) -> None:
    assert month_hint(text) == meant


def test_a_year_alone_is_its_last_month_where_something_ends() -> None:
    assert month_hint("2025", last=True) == "2025-12"


def test_a_list_is_suggested_where_every_item_is_known_or_nearly() -> None:
    zones = ("village", "town", "seat")
    assert list_hint("seat，town", zones) == "[seat, town]"
    assert list_hint("县城、镇", zones) == "[seat, town]"
    assert list_hint("【ｓeat】", zones) == "[seat]"
    assert list_hint("seat and twon", zones) is None
    assert list_hint("seat twon", zones) == "[seat, town]"


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("wage_grwth", ["outside.far.wage_growth"], "outside.far.wage_growth"),
        ("ｃounty", ["county", "centre"], "county"),
        ("seat、town", ["seat", "town", "village"], None),
        ("示点", ["试点", "中部"], "试点"),
        ("shidian", ["试点", "中部"], "试点"),
        ("试典", ["试点", "中部"], "试点"),
        ("旅游", ["试点", "中部"], None),
        ("xyz", ["seat", "town"], None),
        ("seat", ["residents", "seat_residents", "seat_price"], "seat_residents"),
        ("城镇化", ["常住人口", "常住人口城镇化率"], "常住人口城镇化率"),
        ("at", ["at_home", "residents"], None),
        ("sea", ["chelsea_rent"], None),
        ("hukou_opn", ["school_capacity", "hukou_relaxation"], "hukou_relaxation"),
        ("hukou_opn_at_all", ["school_capacity", "hukou_relaxation"], None),
        ("落户户", ["学校容量", "放宽落户条件"], "放宽落户条件"),
    ],
)
def test_what_a_word_was_meant_to_be(word: str, choices: list[str], meant: str | None) -> None:
    assert similar(word, choices) == meant


def test_a_chinese_name_means_what_commands_take_it_for() -> None:
    """Of labels 城镇失业率 is more like it by its characters."""
    labels = {"urbanization_rate": Label("a", "常住人口城镇化率"), "unemployment_rate": Label("b", "城镇失业率")}
    assert similar("城镇化率", labels, labels) == named("城镇化率", labels) == "urbanization_rate"


def test_marks_have_a_name_and_what_to_type() -> None:
    told = {mark.written: (mark.name, mark.typed) for mark in marks_of("：，、％０Ａ【”\u3000\xa0中文a1")}
    assert told == {
        "：": ("the full-width colon '：'", "':' and a space"),
        "，": ("the full-width comma '，'", "','"),
        "、": ("the full-width comma '、'", "','"),
        "％": ("the full-width per cent sign '％'", "'%'"),
        "０": ("the full-width digit '０'", "'0'"),
        "Ａ": ("the full-width letter 'Ａ'", "'A'"),
        "【": ("the full-width bracket '【'", "'['"),
        "”": ("the full-width quotation mark '”'", '"'),
        "\u3000": ("an ideographic space (U+3000)", "an ordinary space"),
        "\xa0": ("a no-break space (U+00A0)", "an ordinary space"),
    }
    assert plain("［２０２５－１，“甲”］") == '[2025-1,"甲"]'


@pytest.mark.parametrize(
    ("written", "meant"),
    [("县城", "seat"), ("村", "village"), ("建制镇", "town"), ("seet", "seat"), ("工业", None), ("北京", None)],
)
def test_a_choice_is_known_by_its_chinese_name(written, meant):
    assert choice_hint(written, ["village", "town", "seat"]) == meant


def test_yes_and_no_are_known_in_both_languages():
    assert [answer_hint(text) for text in ("是", "否", "YES", "no", "2")] == ["true", "false", "true", "false", None]


def test_a_month_that_is_asked_about_is_told_as_it_was_meant():
    assert month_asked("2030-12") == parse_month("2030-12")
    for written, meant in (("2030年", "2030-12"), ("2025/6", "2025-06"), ("2025年6月", "2025-06")):
        with pytest.raises(ValueError, match=f"did you mean {meant}"):
            month_asked(written)
    with pytest.raises(ValueError, match=r"2025-12$"):
        month_asked("soon")
