"""The credibility page on the years after 2020."""

from __future__ import annotations

import pandas as pd

from credibility_parts.words import TO, lines_of, place_name, stored_table, table_of, word_of
from urbsim.calibration.after_2020 import RUNS_OF_BREAKS
from urbsim.labels import Label, bilingual


def after_2020_chapter() -> str:
    """Return the chapter on the years after 2020."""
    table, rules, breaks = (stored_table("after_2020", f"{name}.csv") for name in ("provinces", "rules", "breaks"))
    lines = [
        bilingual("## After 2020", "## 2020年以后"),
        "",
        "    urbsim hindcast --from 2020 --draws 12 -o calibration/after_2020",
        "",
        *lines_of(
            [
                "Every province is simulated from the census of 1 November 2020 as one world of all its counties, without a",
                "fit of its own. Constants of counties meet what their own past and the country's period effect imply",
                "(`urbsim calibrate counties`, `calibration/national/after_2020.yaml`). Provinces' residents at the end of",
                "**2021 fitted** their growth, the national urban share of 2021, 2022 and 2025 the period effect, national",
                "births and deaths of 2021 to 2024 their factors; provinces' figures of **2022 are a test**. Rules know the",
                "census and the years up to 2020. The number of draws, twelve, was fixed after the errors under six had been",
                "seen (0.54 points, 0.86 %), because six draws say too little of a band and of its middle.",
            ],
            [
                "每个省从2020年11月1日普查起作为全省各县组成的一个世界模拟，没有单独拟合。各县的常数符合其自身的过去和全国时期效应所意味的水平",
                "（`urbsim calibrate counties`，`calibration/national/after_2020.yaml`）。"
                "各省**2021年**末常住人口用于**拟合**其增长，",
                "2021、2022和2025年全国城镇化率用于拟合时期效应，2021至2024年全国出生和死亡用于拟合其系数；各省**2022年**的数字是**检验**。",
                "各规则知道普查和截至2020年的各年。抽样组数（12组）是在看到6组的误差（0.54个百分点、0.86%）之后确定的，"
                "因为6组抽样不足以说明区间及其中间值。",
            ],
        ),
    ]
    for year, part in rules.groupby("year"):
        use = {"fit": Label("partly fitted", "部分参与拟合"), "test": Label("test", "检验")}[str(part["use"].iloc[0])]
        rows = [
            [word_of(row["rule"]), *(f"{row[c]:.2f}" for c in ("share_mae", "share_bias", "residents_mae", "residents_bias")),
             *("" if pd.isna(row[c]) else f"{row[c]:.0f} %" for c in ("share_coverage_80", "residents_coverage_80"))]
            for row in part.to_dict("records")
        ]  # fmt: skip
        head = lines_of(
            ["", "urban share: error, points", "bias", "residents: error, %", "bias", "80 % holds: share", "residents"],
            ["", "城镇化率：误差，百分点", "偏差", "常住人口：误差，%", "偏差", "80 % 区间覆盖：城镇化率", "常住人口"],
        )
        provinces = int(part["provinces"].iloc[0])
        heading = bilingual(
            f"**End of {year}, {use}** ({provinces} provinces)", f"**{year}年末，{use}**（{provinces}个省）"
        )
        lines += ["", heading, "", table_of(head, rows)]
    nation = table[table["province"] == "CN"]
    for row in nation.to_dict("records"):
        lines += [
            "",
            *lines_of(
                [
                    f"All provinces together, end of {row['year']}: urban share {row['share']:.2f} %",
                    f"({row['share_p10']:.2f} to {row['share_p90']:.2f}), published {row['share_published']:.2f};",
                    f"residents {row['residents']:.1f} million, published {row['residents_published']:.1f}.",
                ],
                [
                    f"各省合计，{row['year']}年末："
                    f"城镇化率{row['share']:.2f} %（{row['share_p10']:.2f}至{row['share_p90']:.2f}），"
                    f"公布值{row['share_published']:.2f}；",
                    f"常住人口{row['residents'] / 100:.3f}亿人，公布值{row['residents_published'] / 100:.3f}亿人。",
                ],
            ),
        ]
    test = table[(table["use"] == "test") & (table["province"] != "CN")].assign(
        off=lambda t: t["share"] - t["share_published"],
        people=lambda t: 100 * (t["residents"] / t["residents_published"] - 1),
    )
    worst = bilingual(", ", "、").join(
        f"{place_name(row['province'])} {row['off']:+.2f}"
        for row in test.sort_values("off", key=abs).tail(4).to_dict("records")
    )
    moved = bilingual(", ", "、").join(
        f"{place_name(row['province'])} {row['people']:+.1f}"
        for row in test.sort_values("people", key=abs).tail(4).to_dict("records")
    )
    farthest = bilingual(
        f"Farthest off at the test, urban share in points: {worst}; residents in percent: {moved}.",
        f"检验中偏差最大的，城镇化率（百分点）：{worst}；常住人口（%）：{moved}。",
    )
    lines += ["", farthest, ""]
    kinds = stored_table("after_2020", "kinds.csv")
    lines += [
        *lines_of(
            [
                "Residents of districts and of counties in the simulation, change since the census; no count of them is",
                "published for these years.",
            ],
            ["模拟中市辖区和县的常住人口自普查以来的变化；这些年份没有公布分县人数。"],
        ),
        "",
        _kinds(kinds),
        "",
    ]
    lines += [
        bilingual("### The first five years of a county against its past", "### 一个县的最初五年与它的过去"),
        "",
        *lines_of(
            [
                "Counties and county-level cities with both censuses, at the middle of the posterior, mean of",
                f"{RUNS_OF_BREAKS} runs with other people and chance than the fit's. *Break*: simulated yearly change of the urban share 2020-25 less the",
                "observed one of 2010-20; its mean is beside what the period effect implies for the band, its spread is within",
                "the band; *by chance* is the part of the spread that comes from simulating some thousands of people a county,",
                "some times, in place of all. The constants were fitted to this: it shows that starts do not bend, not that the",
                "future is known.",
            ],
            [
                f"有两次普查的县和县级市，取后验的中间值，{RUNS_OF_BREAKS}次运行的平均，人口样本和随机数与拟合时不同。*折点*：2020—2025年模拟的城镇人口比重年均变化，减去2010—2020年的实际变化；",
                "均值是在该档时期效应所意味的变化之外的部分，离散是该档之内的；*其中偶然*是因为每县若干次各只模拟几千人、而非全部人口而来的部分。",
                "常数是据此拟合的：它表明起点没有折弯，而不表明未来已知。",
            ],
        ),
        "",
        _breaks(breaks),
    ]
    return "\n".join(lines)


def _kinds(table: pd.DataFrame) -> str:
    headings = lines_of(
        ["units", "number", "at the end of", "mean, %", "5 to 95 % of them", "lowest", "highest"],
        ["单位", "个数", "截至", "平均（%）", "5%至95%的单位", "最低", "最高"],
    )
    rows = [
        [word_of(str(row["kind"])), str(row["units"]), row["month"], f"{row['mean']:+.1f}",
         f"{row['p5']:+.1f} {TO} {row['p95']:+.1f}", f"{row['lowest']:+.1f}", f"{row['highest']:+.1f}"]
        for row in table.to_dict("records")
    ]  # fmt: skip
    return table_of(headings, rows)


def _breaks(table: pd.DataFrame) -> str:
    head = lines_of(
        *(
            [
                "urban share in 2010",
                "counties",
                "2010-20, points a year",
                "2020-25",
                "break",
                "spread",
                "by chance",
                "falling",
                "fell",
            ],
            [
                "2010年城镇人口比重",
                "县数",
                "2010—2020年，百分点/年",
                "2020—2025年",
                "折点",
                "离散",
                "其中偶然",
                "模拟下降的",
                "实际下降的",
            ],
        )
    )
    rows = [
        [row["band"], f"{row['counties']:.0f}", *(f"{row[c]:+.2f}" for c in ("past", "simulated", "break_mean")),
         f"{row['break_sd']:.2f}", f"{row['chance_sd']:.2f}", f"{row['falling']:.1f} %", f"{row['fell']:.1f} %"]
        for row in table.to_dict("records")
    ]  # fmt: skip
    return table_of(head, rows)
