"""The credibility page on what was fitted: targets, cohorts, parameters, their recovery, and regions."""

from __future__ import annotations

import pandas as pd

from credibility_parts.words import STORED, TO, lines_of, place_name, stored_table, table_of, unit_of, word_of
from urbsim.calibration.summaries import COHORTS, targets
from urbsim.labels import bilingual
from urbsim.parameters import registry

#: A parameter is called identified if the posterior is narrower than the prior by more than this share.
IDENTIFIED = 0.2


def targets_chapter() -> str:
    """Return the chapter on the patterns that were fitted."""
    table = stored_table("posteriors", "national", "targets.csv", index="target")
    rows = []
    for name, row in table.iterrows():
        inside = abs(row["model"] - row["observed"]) <= 2 * row["discrepancy"]
        rows.append([
            str(targets()[str(name)].label), unit_of(targets()[str(name)].unit), f"{row['observed']:.2f}", f"{row['model']:.2f}",
            f"{row['p10']:.2f} {TO} {row['p90']:.2f}", f"± {row['discrepancy']:g}",
            bilingual("fitted", "拟合") if row["use"] == "fit" else bilingual("not fitted", "未拟合"),
            bilingual("yes", "是") if inside else bilingual("**no**", "**否**"),
        ])  # fmt: skip
    return "\n".join(
        [
            bilingual(
                "## Patterns: what the common parameters were fitted to, and what they were not",
                "## 各项规律：共用参数拟合了什么，没有拟合什么",
            ),
            "",
            "    urbsim calibrate national",
            "",
            *lines_of(
                [
                    "Over the training counties of the design. *Allowance* is the standard deviation of what the model may",
                    "miss, set before the fit; *within* tells whether the model lies within two of it.",
                ],
                [
                    "设计所含的训练县合计。*容许*是拟合之前定下的、模型可能偏离的标准差；*之内*表示模型是否在两倍容许之内。"
                ],
            ),
            "",
            table_of(
                lines_of(
                    ["target", "unit", "observed", "model", "10–90 %", "allowance", "used", "within"],
                    ["目标", "单位", "实际", "模型", "10–90 %", "容许", "用途", "之内"],
                ),
                rows,
            ),
        ]
    )


def cohorts_chapter() -> str:
    """Return the chapter on cohorts by age."""
    table = stored_table("hindcast", "cohorts.csv")
    places = list(dict.fromkeys(table["place"]))
    rows = [
        [str(age), *(f"{part['observed'].iloc[0]:+.0f} / {part['model'].iloc[0]:+.0f}"
                     for place in places if len(part := table[(table["place"] == place) & (table["age"] == age)]))]
        for age in COHORTS
    ]  # fmt: skip
    return "\n".join(
        [
            bilingual("## Cohorts: who leaves and who comes back", "## 各队列：谁离开，谁回来"),
            "",
            "    python calibration/cohorts.py",
            "",
            *lines_of(
                [
                    "Residents of 2020 over residents ten years younger in 2010, 100 × log ratio, observed / model. The",
                    "valley at 10–19 is leaving for study and work. *Observed* is what the censuses counted, less what",
                    "the country's own cohort changed by other than deaths (15–19: 99.9 million in 2010, 91.9 million ten",
                    "years older in 2020, so -8 by counting alone); `calibration/hindcast/cohorts.csv` has both. Jieshou",
                    "(return at midlife) and Zhangzi (loss) are simulated with their own posterior, which saw their urban",
                    "share and population of 2020 but no ages.",
                ],
                [
                    "2020年常住人口与2010年小十岁的常住人口之比，100×对数比，实际/模型。10—19岁的低谷是外出上学和工作。",
                    "“实际”是两次普查的计数减去全国同一队列除死亡以外的变化（15—19岁：2010年9990万人，2020年大十岁的只有9190万人，",
                    "仅计数误差就是-8）；两种数字都在`calibration/hindcast/cohorts.csv`里。界首（中年返回）和长子（流失）用各自的后验模拟，",
                    "该后验见过它们2020年的城镇人口比重和人口，没有见过年龄。",
                ],
            ),
            "",
            table_of([bilingual("age in 2010", "2010年年龄"), *map(word_of, places)], rows),
            "",
            f"![{bilingual('Cohorts', '各队列')}](images/credibility/cohorts.png)",
        ]
    )


def parameters_chapter() -> str:
    """Return the chapter on the common parameters."""
    table = stored_table("posteriors", "national", "parameters.csv", index="parameter")
    sampler = stored_table("posteriors", "national", "sampler.csv", index="quantity")["value"]
    rows = [
        [f"`{name}`", str(registry()[str(name)].label), f"{row['prior_low']:g} {TO} {row['prior_high']:g}",
         f"{row['median']:.3g}", f"{row['p05']:.3g} {TO} {row['p95']:.3g}", f"{100 * row['narrowed']:.0f} %"]
        for name, row in table.iterrows()
    ]  # fmt: skip
    vague = [f"`{name}`" for name, row in table.iterrows() if row["narrowed"] < IDENTIFIED]
    return "\n".join(
        [
            bilingual("## Parameters", "## 参数"),
            "",
            *lines_of(
                [
                    f"{sampler['runs']:.0f} runs, {sampler['runs_emulated']:.0f} of them emulated; sampler: acceptance",
                    f"{sampler['acceptance']:.2f}, longest autocorrelation {sampler['autocorrelation_steps']:.0f} steps.",
                    "Constants of destinations are net of distance and home (`calibration/national/priors.yaml`).",
                    "*Narrowed*: how much narrower the posterior is than the prior.",
                ],
                [
                    f"模拟{sampler['runs']:.0f}次，其中{sampler['runs_emulated']:.0f}次用于代理模型；抽样器：接受率{sampler['acceptance']:.2f}，"
                    f"最长自相关{sampler['autocorrelation_steps']:.0f}步。",
                    "各目的地的常数已扣除距离和家乡的作用（`calibration/national/priors.yaml`）。*收窄*：后验比先验窄多少。",
                ],
            ),
            "",
            table_of(
                lines_of(
                    ["parameter", "", "prior", "median", "5–95 %", "narrowed"],
                    ["参数", "", "先验", "中位数", "5–95 %", "收窄"],
                ),
                rows,
            ),
            "",
            *lines_of(
                [
                    f"**Not identified by these data** (narrowed by less than {100 * IDENTIFIED:.0f} %):",
                    f"{', '.join(vague) or 'none'}. Their effect on results is inside the intervals; conclusions that hinge on",
                    "one of them need other evidence.",
                ],
                [
                    f"**这些数据无法识别的**（收窄不足{100 * IDENTIFIED:.0f} %）：{'、'.join(vague) or '没有'}。",
                    "它们对结果的影响已包含在区间之内；取决于其中某一个的结论需要其他证据。",
                ],
            ),
        ]
    )


def recovery_chapter() -> str:
    """Return the chapter on how parameters are recovered."""
    table = stored_table("posteriors", "national", "recovery.csv")
    inside = {level: float(table["rank"].between(0.5 - level / 2, 0.5 + level / 2).mean()) for level in (0.5, 0.8, 0.9)}
    spread = pd.Series({name: high - low for name, (low, high) in _priors().items()})
    known = 1 - (table["median"] - table["truth"]).abs().groupby(table["parameter"]).mean() / (spread / 4)
    best = ", ".join(f"`{name}`" for name in known.sort_values(ascending=False).index[:6])
    runs = table["run"].nunique()
    english = f"""
## Recovery of known parameters

{runs} runs that the emulator never saw are taken as the truth in turn, and the parameters fitted to their summaries. If
intervals mean what they say, 50, 80 and 90 % of the intervals hold the truth; they hold {100 * inside[0.5]:.0f},
{100 * inside[0.8]:.0f} and {100 * inside[0.9]:.0f} %. Recovered best: {best}.
Ranks of the truth in the posterior should be even:

![Ranks of the truth](images/credibility/recovery.png)
"""
    chinese = f"""
## 还原已知参数

把代理模型没有见过的{runs}次模拟依次当作真值，用其汇总指标拟合参数。如果区间名副其实，50、80和90 % 的区间应含有真值；
实际为{100 * inside[0.5]:.0f}、
{100 * inside[0.8]:.0f}和{100 * inside[0.9]:.0f} %。还原得最好的是：{best}。真值在后验中的名次应当均匀：

![真值的名次](images/credibility/recovery.png)
"""
    return bilingual(english, chinese)


def _priors() -> dict[str, tuple[float, float]]:
    from urbsim.calibration.design import priors

    return priors()


def regions_chapter() -> str:
    """Return the chapter on regions with a posterior of their own."""
    rows = []
    for folder in sorted((STORED / "posteriors").glob("*/fit.csv")):
        table = pd.read_csv(folder, dtype={"code": str})
        known = table.dropna(subset=["observed"])
        code = folder.parent.name
        gaps = (known["posterior"] - known["observed"]).abs().groupby(known["target"], sort=False).mean()
        before = (known["prior"] - known["observed"]).abs().groupby(known["target"], sort=False).mean()
        rows.append([
            f"[{place_name(code)}](../calibration/posteriors/{code}/README.md)", str(known["code"].nunique()),
            *(f"{before[target]:.1f} → {gaps[target]:.1f}" for target in gaps.index),
        ])  # fmt: skip
    return "\n".join(
        [
            bilingual("## Regions with a posterior of their own", "## 有自己后验的地区"),
            "",
            "    urbsim calibrate 341282",
            "",
            *lines_of(
                [
                    "Constants of each county given its censuses of 2010 and 2020: mean distance from the observed outcome",
                    "before and after. This is a fit; nothing here validates a projection.",
                ],
                [
                    "根据2010和2020年普查得到的各县常数：拟合前后与实际结果的平均距离。这是拟合；这里没有任何内容可以证实预测。"
                ],
            ),
            "",
            table_of(
                lines_of(
                    ["region", "counties fitted", "urban share, points", "residents, %"],
                    ["地区", "拟合的县数", "城镇人口比重，百分点", "常住人口，%"],
                ),
                rows,
            ),
        ]
    )
