"""The credibility page on the hindcast: 2020 from the census of 2010."""

from __future__ import annotations

import pandas as pd

from credibility_parts.words import SETS, lines_of, place_name, stored_table, table_of, word_of
from urbsim.calibration import skill
from urbsim.labels import Label, bilingual
from urbsim.posterior.outcomes import held_out_provinces


def hindcast_chapter() -> str:
    """Return the chapter on the hindcast."""
    found, rules = stored_table("hindcast", "hindcast.csv", index="code"), stored_table("hindcast", "rules.csv")
    known = int((found["set"] != "unknown").sum())
    lines = [
        bilingual("## Hindcast: 2020 from the census of 2010", "## 回测：从2010年普查预测2020年"),
        "",
        "    urbsim hindcast -o calibration/hindcast",
        "",
        *lines_of(
            [
                f"Every county and county-level city of the 2010 table ({len(found):,}) is simulated to 2020;",
                f"the outcome of {known:,} is known. Mean absolute errors beside simple",
                "rules, fitted on the same counties (a province is never predicted by a rule fitted on it).",
                "Where the level of a single county is to go is said by the county equation, a regression like the",
                "last rule that also sees the columns of the counties around: the model has no skill of its own there.",
                "What no regression gives are ages, flows, registration, and what a policy changes.",
            ],
            [
                f"2010年表中的每个县和县级市（{len(found):,}个）都模拟到2020年，其中{known:,}个的结果已知。",
                "下表为平均绝对误差，与在同样的县上拟合的简单规则并列（一个省从不用在该省拟合的规则预测）。",
                "单个县的水平走向由县方程给出：它与最后一条规则同类，但还看周围各县的数据；在这一点上模型本身没有额外的技巧。",
                "年龄、流动、户籍以及政策改变什么，是任何回归给不出的。",
            ],
        ),
    ]
    for name, label in SETS.items():
        part = rules[rules["set"] == name]
        if part.empty:
            continue
        rows = [
            [
                word_of(row["rule"]),
                *(f"{row[c]:.1f}" for c in ("share_mae", "share_bias", "residents_mae", "residents_bias")),
            ]
            for row in part.to_dict("records")
        ]
        counties = int(part["counties"].iloc[0])
        heading = bilingual(f"**{label.en.capitalize()}** ({counties} counties)", f"**{label.zh}**（{counties}个县）")
        columns = lines_of(
            ["", "urban share: error, points", "bias", "residents: error, 100 × log ratio", "bias"],
            ["", "城镇人口比重：误差，百分点", "偏差", "常住人口：误差，100×对数比", "偏差"],
        )
        lines += ["", heading, "", table_of(columns, rows)]
    lines += ["", _goals(found, rules), "", _what_limits(found)]
    lines += ["", f"![{bilingual('Predicted against observed', '预测与实际')}](images/credibility/hindcast.png)", ""]
    lines += [
        bilingual("### Coverage of the intervals", "### 区间的覆盖率"),
        "",
        _coverage(stored_table("hindcast", "skill_by_set.csv", index="group")),
    ]
    lines += ["", bilingual("### By starting level", "### 按起始水平"), "", _bands()]
    return "\n".join(lines)


def _goals(found: pd.DataFrame, rules: pd.DataFrame) -> str:
    """Return whether the goals that were set beforehand are met."""
    known = skill.errors(found)
    sets = found.loc[known.index, "set"]
    held_out, second = (known[sets == name] for name in ("held_out", "second_test"))
    best = rules[(rules["set"] == "held_out") & (rules["rule"] != skill.MODEL)]["share_mae"].min()
    goals = [
        (Label("held-out provinces, urban share: the best rule", "留出省份，城镇人口比重：最好的规则"),
         held_out["share"], best),
        (Label("residents", "常住人口"), held_out["residents"], 8.2),
        (Label("second test, urban share", "第二组检验，城镇人口比重"), second["share"], 4.3),
    ]  # fmt: skip
    verdict = {True: Label("met", "达到"), False: Label("missed", "未达到")}
    told = [
        Label(
            f"{name.en} ({goal:.1f}): {error:.2f}, **{verdict[error <= goal].en}**",
            f"{name.zh}（{goal:.1f}）：{error:.2f}，**{verdict[error <= goal].zh}**",
        )
        for name, values, goal in goals
        for error in [values.abs().mean()]
    ]
    return bilingual(
        f"Goals, errors at or below: {'; '.join(each.en for each in told)}. How the county equation is made was chosen "
        "by training provinces left out, before the others were looked at; the second test does not follow it in the "
        "urban share.",
        f"目标（误差不超过）：{'；'.join(each.zh for each in told)}。县方程的形式只凭逐一留出训练省份来选定，之后才看其他省份；"
        "在城镇人口比重上，第二组检验并未随之改善。",
    )


def _what_limits(found: pd.DataFrame) -> str:
    """Return what stands between the error on held-out provinces and the goal."""
    provinces = stored_table("hindcast", "skill_by_province.csv", index="group")
    provinces.index = provinces.index.astype(str)
    columns = {"counties": ".0f", "share_mae": ".1f", "share_bias": "+.1f", "share_coverage_80": ".0f"}
    rows = [
        [f"{place_name(code)} ({code})", *(f"{float(provinces[name][code]):{form}}" for name, form in columns.items())]
        for code in held_out_provinces()
    ]
    rows = [[*cells[:-1], f"{cells[-1]} %"] for cells in rows]
    held_out, others = found[found["set"] == "held_out"], found[found["set"] == "cross_validated"]
    left, rest = skill.with_province_constants(held_out), skill.with_province_constants(others)
    head = lines_of(
        ["held out", "counties", "error, points", "bias", "80 % interval holds"],
        ["留出的省", "县数", "误差，百分点", "偏差", "80 % 区间覆盖"],
    )
    return "\n".join(
        [
            bilingual(
                "**What limits it.** The error of the share is the province's more than the county's:",
                "**受什么限制。** 城镇人口比重的误差更多来自省，而不是县：",
            ),
            "",
            table_of(head, rows),
            "",
            *lines_of(
                [
                    "Guangdong's counties urbanized far less than their columns of 2010 suggest to any rule fitted",
                    "elsewhere. If the mean",
                    f"error of every province were known, {left:.1f} points would remain on",
                    f"held-out provinces and {rest:.1f} on the others. That is also why too",
                    "few observed shares of these provinces lie inside the intervals: they differ more from the rest than",
                    "the training provinces do from each other.",
                ],
                [
                    "广东各县城镇化的程度，远低于在别处拟合的任何规则根据其2010年指标所作的推断。",
                    f"假如知道每个省的平均误差，留出省份还会剩下{left:.1f}个百分点，其他省份{rest:.1f}个。这也是这些省落在区间之内的实际值太少的原因：",
                    "它们与其他省的差别，大于训练省份彼此之间的差别。",
                ],
            ),
        ]
    )


def _coverage(table: pd.DataFrame) -> str:
    columns = [f"{target}_coverage_{level}" for target in ("share", "residents") for level in ("80", "90")]
    rows = [[str(SETS[group]), *(f"{table.loc[group, column]:.0f} %" for column in columns)] for group in table.index]
    head = lines_of(
        ["observed values inside", "share, 80 % interval", "share, 90 %", "residents, 80 %", "residents, 90 %"],
        ["实际值落在区间内", "城镇人口比重，80 % 区间", "城镇人口比重，90 %", "常住人口，80 %", "常住人口，90 %"],
    )
    return table_of(head, rows)


def _bands() -> str:
    change = stored_table("hindcast", "change_by_band.csv", index="group")
    rows = [
        [_band(str(group)),
         f"{row['counties']:.0f}", f"{row['observed']:+.1f}", f"{row['model']:+.1f}",
         f"{row['model'] - row['observed']:+.1f}"]
        for group, row in change.iterrows()
    ]  # fmt: skip
    head = lines_of(
        ["urban share in 2010", "counties", "observed change, points", "predicted", "difference"],
        ["2010年城镇人口比重", "县数", "实际变化，百分点", "预测", "差"],
    )
    return table_of(head, rows)


def _band(group: str) -> str:
    english = group.replace("_", " ").replace("cross validated", "left out in turn")
    kind, _, band = group.partition(", ")
    return bilingual(english, f"{SETS[kind].zh}，{band}" if kind in SETS else group)
