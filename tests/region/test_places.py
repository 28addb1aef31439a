"""Finding places by code, Chinese name and pinyin, and resolving a region to its counties."""

from __future__ import annotations

import subprocess
import sys

import pytest

from urbsim.region.places import (
    RegionError,
    UnknownPlaceError,
    YearNotAvailableError,
    all_places,
    find_places,
    region_code,
    resolve_region,
    suggest_places,
    whole_provinces,
)


def codes(text: str | int) -> list[str]:
    return [place.code for place in find_places(text)]


@pytest.mark.parametrize("text", ["界首", "界首市", "jieshou", "jieshoushi", "Jieshou", "341282", 341282, " jie shou "])
def test_a_county_is_found_by_code_name_and_pinyin(text: str | int) -> None:
    assert codes(text)[0] == "341282"


@pytest.mark.parametrize(
    ("pinyin", "name"),
    [
        ("changzhi", "长治市"),
        ("zhangzi", "长子县"),
        ("luan", "六安市"),
        ("bozhou", "亳州市"),
        ("chongqing", "重庆市"),
        ("shanxian", "单县"),
        ("weishi", "尉氏县"),
        ("luohe", "漯河市"),
        ("neimenggu", "内蒙古自治区"),
        ("weining", "威宁彝族回族苗族自治县"),
    ],
)
def test_names_with_several_readings_are_romanized_as_locals_do(pinyin: str, name: str) -> None:
    assert name in [place.name for place in find_places(pinyin) if pinyin in (place.pinyin, place.short_pinyin)]


def test_exact_names_come_before_names_that_contain_the_text() -> None:
    assert codes("沁县")[:2] == ["140430", "632621"]


def test_a_code_lists_the_area_and_everything_in_it() -> None:
    found = find_places("1404")
    assert found[0].name == "长治市"
    assert {place.parent for place in found[1:]} == {"1404"}
    assert codes("140400") == codes("1404")
    assert codes("140000") == codes("14")


def test_nothing_is_found_for_nonsense_or_blank() -> None:
    assert find_places("qqqqqq") == []
    assert find_places("  ") == []


def test_names_are_plain_ascii_letters() -> None:
    assert all(place.pinyin.isascii() and place.pinyin.isalpha() for place in all_places())
    assert all(place.short_pinyin.isascii() and place.short_pinyin.isalpha() for place in all_places())


def test_every_parent_is_a_place_of_a_higher_level() -> None:
    level = {place.code: place.level for place in all_places()}
    ranks = ("province", "prefecture", "county")
    for place in all_places():
        if place.level in ("country", "province"):
            assert place.parent == ""
        else:
            assert ranks.index(level[place.parent]) < ranks.index(place.level)


def test_an_area_has_the_residents_of_its_counties() -> None:
    for code in ("1404", "34", "14"):
        area = find_places(code)[0]
        for year in area.years:
            counties = [p for p in all_places() if p.level == "county" and p.code.startswith(code) and year in p.years]
            assert area.residents[year] == sum(place.residents[year] for place in counties)


@pytest.mark.parametrize(
    ("spec", "number"),
    [
        (341282, 1),
        ("341282", 1),
        (1404, 12),
        ("1404", 12),
        (140400, 12),
        (14, 117),
        ("140000", 117),
        ([341282, "1404"], 13),
    ],
)
def test_a_region_resolves_to_its_counties(spec: str | int | list[str | int], number: int) -> None:
    found = resolve_region(spec)
    assert len(found) == number
    assert list(found) == sorted(set(found))
    assert all(len(code) == 6 for code in found)


@pytest.mark.parametrize("text", ["CN", "cn", "中国", "China", "zhongguo"])
def test_china_is_found_by_code_and_name_and_holds_every_county(text: str) -> None:
    assert codes(text)[0] == region_code(text) == "CN"
    found = resolve_region("CN", 2020)
    assert found == tuple(place.code for place in all_places() if place.level == "county" and 2020 in place.years)
    assert find_places("CN")[0].residents[2020] == 1_409_776_391
    assert all(suggest_places(wrong)[0].code == "CN" for wrong in ("全国", "all"))


def test_the_provinces_that_some_counties_hold_whole() -> None:
    ningxia, tibet = resolve_region("64", 2020), resolve_region("54", 2020)
    assert whole_provinces([*ningxia, tibet[0]], 2020) == ("64",)
    assert whole_provinces([*ningxia[1:], tibet[0]], 2020) == whole_provinces(ningxia, 2020) == ()
    assert len(whole_provinces(resolve_region("CN", 2010), 2010)) == 31


def test_a_region_resolves_to_the_counties_of_the_year_asked_for() -> None:
    assert "140402" in resolve_region(1404, 2010)
    assert "140403" in resolve_region(1404, 2020)
    assert "140402" not in resolve_region(1404)


def test_repeats_and_overlaps_count_once() -> None:
    assert resolve_region(["140428", 140428, "1404"]) == resolve_region("1404")


def test_units_directly_under_a_province_and_cities_without_counties_resolve() -> None:
    assert resolve_region(429004) == ("429004",)
    assert resolve_region(441900) == resolve_region(4419) == ("441900",)


def test_a_county_missing_in_the_year_names_the_years_and_the_code_it_has() -> None:
    message = r"140402 城区 has no row for 2020; available: 2010; in 2020 its code was 140403"
    with pytest.raises(YearNotAvailableError, match=message):
        resolve_region(140402, 2020)
    with pytest.raises(YearNotAvailableError, match="in 2010 its code was 140402 and 140411"):
        resolve_region(140403, 2010)
    with pytest.raises(YearNotAvailableError, match="340722 has this name in 2020, with other boundaries"):
        resolve_region(340823, 2020)


def test_every_place_of_2020_resolves_to_counties_that_have_a_row() -> None:
    places = [place for place in all_places() if 2020 in place.years]
    assert len({place.code[:2] for place in places if place.level != "country"}) == 31
    for place in places:
        assert resolve_region(place.code, 2020)


def test_a_district_of_a_province_added_late_is_found_by_its_rare_character() -> None:
    (place,) = find_places("鄠邑")
    assert (place.code, place.parent, place.short_pinyin) == ("610118", "6101", "huyi")


@pytest.mark.parametrize(
    ("wrong", "right"), [("jeishou", "341282"), ("界守市", "341282"), ("34128", "341282"), ("chagnzhi", "1404")]
)
def test_a_typing_error_is_answered_with_the_likely_place(wrong: str, right: str) -> None:
    assert right in [place.code for place in suggest_places(wrong)]


def test_no_suggestion_is_better_than_a_wild_one() -> None:
    assert suggest_places("zzzzzzzzzz") == []


def test_an_unknown_code_raises_with_suggestions() -> None:
    with pytest.raises(UnknownPlaceError, match=r"unknown place '341299': give a county \(6 digits\)") as caught:
        resolve_region("341299")
    assert caught.value.suggestions
    assert isinstance(caught.value, RegionError)
    assert isinstance(caught.value, ValueError)


def test_a_name_in_place_of_a_code_raises_and_offers_the_code() -> None:
    with pytest.raises(UnknownPlaceError, match="did you mean 341282 界首市"):
        resolve_region("界首")


def test_an_empty_list_is_an_error() -> None:
    with pytest.raises(UnknownPlaceError, match="empty list"):
        resolve_region([])


def test_finding_places_does_not_import_pandas() -> None:
    program = "import sys, urbsim.region.places as p; p.find_places('jieshou'); print('pandas' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
