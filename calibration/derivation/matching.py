"""The same county under its 2010 and its 2020 code."""

from __future__ import annotations

import math
import re
from collections import Counter

import pandas as pd

# A unit that more than doubled or nearly halved has other boundaries, not other people.
LARGEST_LOG_CHANGE = 0.5

# 2020 code: the 2010 codes it was made from. Units whose code or stem of the name changed, or that were merged.
FORMER_CODES: dict[str, tuple[str, ...]] = {
    "110101": ("110101", "110103"),
    "110102": ("110102", "110104"),
    "120119": ("120225",),
    "130284": ("130223",),
    "130503": ("130503", "130521"),
    "130505": ("130526",),
    "130606": ("130603", "130604"),
    "130705": ("130705", "130721"),
    "140215": ("140227",),
    "140403": ("140402", "140411"),
    "140404": ("140421",),
    "220781": ("220724",),
    "230717": ("230702", "230708"),
    "230718": ("230706", "230711"),
    "230719": ("230704", "230716"),
    "230723": ("230712", "230714"),
    "230724": ("230707", "230710", "230715"),
    "230751": ("230705", "230709"),
    "310101": ("310101", "310103"),
    "310106": ("310106", "310108"),
    "320104": ("320104", "320103"),
    "320106": ("320106", "320107"),
    "320213": ("320202", "320203", "320204"),
    "320312": ("320323",),
    "320508": ("320502", "320503", "320504"),
    "320706": ("320705", "320706"),
    "320812": ("320802", "320811"),
    "330603": ("330621",),
    "340181": ("341402",),
    "340705": ("340702", "340703"),
    "340706": ("340721",),
    "360404": ("360421",),
    "360483": ("360427",),
    "360704": ("360721",),
    "361104": ("361121",),
    "370116": ("371202",),
    "370203": ("370203", "370205"),
    "370211": ("370211", "370284"),
    "370614": ("370634", "370684"),
    "370811": ("370802", "370811"),
    "371403": ("371421",),
    "410202": ("410202", "410211"),
    "410212": ("410224",),
    "411003": ("411023",),
    "411203": ("411222",),
    "420304": ("420321",),
    "440112": ("440112", "440116"),
    "440904": ("440903", "440923"),
    "441403": ("441421",),
    "450403": ("450403", "450404"),
    "460400": ("469003",),
    "500110": ("500110", "500222"),
    "500111": ("500111", "500225"),
    "500154": ("500234",),
    "510705": ("510724",),
    "511504": ("511521",),
    "520281": ("520222",),
    "520304": ("520321",),
    "520502": ("522401",),
    "520602": ("522201",),
    "540202": ("542301",),
    "540302": ("542121",),
    "540402": ("542621",),
    "540602": ("542421",),
    "610118": ("610125",),
    "610482": ("610427",),
    "610503": ("610521",),
    "632803": ("632858", "632859"),
    "650402": ("652101",),
    "650502": ("652201",),
}


def stem(name: str) -> str:
    """Return a county's name without the kind of unit (county, city, district)."""
    return re.sub(r"(特区|林区|县|市|区|旗)$", "", name)


def former_units(early: pd.DataFrame, late: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return, for each 2020 code, the 2010 codes of the same territory; counties with other boundaries are absent.

    A unit is matched by the table above, else by its code, else by its province and the stem of its name where
    that is unique on both sides and the code vanished or is new.
    """
    before = dict(zip(early["code"], early["residents"], strict=True))
    after = dict(zip(late["code"], late["residents"], strict=True))
    matches = {code: former for code, former in FORMER_CODES.items() if before.keys() >= set(former)}
    taken = {former for formers in matches.values() for former in formers}
    same = {code: (code,) for code in after if code in before and code not in matches and code not in taken}
    taken |= same.keys()
    matches |= same
    matches |= _matches_by_name(early[~early["code"].isin(taken)], late[~late["code"].isin(matches)])
    return {
        code: former
        for code, former in matches.items()
        if code in after and abs(math.log(after[code] / sum(before[old] for old in former))) < LARGEST_LOG_CHANGE
    }


def _matches_by_name(early: pd.DataFrame, late: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    def by_key(units: pd.DataFrame) -> dict[tuple[str, str], str]:
        keys = [(code[:2], stem(name)) for code, name in zip(units["code"], units["name"], strict=True)]
        once = {key for key, count in Counter(keys).items() if count == 1}
        return {key: code for key, code in zip(keys, units["code"], strict=True) if key in once}

    old, new = by_key(early), by_key(late)
    return {new[key]: (old[key],) for key in new if key in old}


def add_matches(early: pd.DataFrame, late: pd.DataFrame, former: dict[str, tuple[str, ...]]) -> None:
    """Write in place each unit's code(s) in the other census (joined by +), and whether it can be compared."""
    later = {old: code for code, olds in former.items() for old in olds}
    late["code_other_year"] = ["+".join(former.get(code, ())) for code in late["code"]]
    late["comparable"] = late["code"].isin(former)
    early["code_other_year"] = [later.get(code, "") for code in early["code"]]
    early["comparable"] = [len(former.get(later.get(code, ""), ())) == 1 for code in early["code"]]
