"""The credibility page on effects of policies: virtual experiments and sensitivity."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from credibility_parts.words import STORED, TO, lines_of, outcome_name, stored_table, table_of, word_of
from urbsim.experiment.tables import read_csv
from urbsim.labels import bilingual
from urbsim.parameters import registry
from urbsim.validation.run import STUDIES


def experiments_chapter() -> str:
    """Return the chapter on virtual experiments."""
    path = STORED / "experiments" / "results.csv"
    if not path.exists():
        return ""
    table = read_csv(path, ("published",))
    rows = [
        [word_of(row["title"]), *map(word_of, _role(row)), word_of(row["label"]), word_of(row["published"]), _measured(row, ""),
         _measured(row, "twin_"), word_of(row["verdict"])]
        for row in table.to_dict("records")
    ]  # fmt: skip
    roles = [bilingual("role", "用途")] if "role" in table else []
    headings = lines_of(
        ["experiment", *roles, "outcome", "published", "found", "twins", "verdict"],
        ["实验", *roles, "结果变量", "已发表", "模型得到", "对照人群", "结论"],
    )
    missed = table[table["verdict"].isin(["FAIL", "unclear"])].drop_duplicates("study")
    reasons = [
        bilingual(f"- **{study.title.en}**: {study.limits.en}", f"- **{study.title.zh}**：{study.limits.zh}")
        for study in STUDIES
        if study.key in set(missed["study"])
    ]
    return "\n".join(
        [
            bilingual("## Virtual experiments", "## 虚拟实验"),
            "",
            "    urbsim experiments -o calibration/experiments",
            "",
            *lines_of(
                [
                    "Published evaluations, repeated on simulated data with the study's own comparison; mean and 90 % interval",
                    f"of {int(table['replicates'].max())} draws. *Twins*: the same people in a world without the policy, which",
                    "a study cannot see. Studies of the role *fit* had a part in the [evidence stage](evidence.md), those of the",
                    "role *test* had none; those that fail are shown as failing.",
                ],
                [
                    "在模拟数据上用原研究自己的对照方式重做已发表的评估；"
                    f"{int(table['replicates'].max())}组抽样的均值和90 % 区间。"
                    "*对照人群*：同一批人在没有该政策的世界中，这是研究看不到的。",
                    "用途为“拟合”的研究参与了[证据阶段](evidence.md)，用途为“检验”的没有参与；未通过的如实列出。",
                ],
            ),
            "",
            table_of(headings, rows),
            "",
            bilingual(
                "What the model can and cannot say where a result misses its band:",
                "结果落在区间之外时，模型能说什么，不能说什么：",
            ),
            "",
            *reasons,
        ]
    )


def _role(row: Mapping[Hashable, Any]) -> list[str]:
    """Return what the study is used for; results from before there were roles have none."""
    return [row["role"]] if "role" in row else []


def _measured(row: Mapping[Hashable, Any], prefix: str) -> str:
    middle = row["twin" if prefix else "estimate"]
    if pd.isna(middle):
        return ""
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    interval = "" if pd.isna(low) else f" ({low:+.2f} {TO} {high:+.2f})"
    return f"{middle:+.2f}{interval} {word_of(row['unit'])}"


def sensitivity_chapter() -> str:
    """Return the chapter on which parameters matter."""
    table = stored_table("sensitivity", "sobol.csv")
    outcomes = list(dict.fromkeys(table["outcome"]))
    total = table.pivot(index="parameter", columns="outcome", values="total")[outcomes]
    error = table.pivot(index="parameter", columns="outcome", values="total_error")[outcomes]
    order = total.max(axis=1).sort_values(ascending=False).index
    rows = [
        [f"`{name}` {registry()[str(name)].label}",
         *(f"{total.loc[name, outcome]:.2f} ± {error.loc[name, outcome]:.2f}" for outcome in outcomes)]
        for name in order
    ]  # fmt: skip
    first = table.groupby("outcome", sort=False).first()
    semicolon, comma, colon = bilingual("; ", "；"), bilingual(", ", "、"), bilingual(": ", "：")
    quality = semicolon.join(
        f"{outcome_name(str(outcome))}{colon}{100 * row['emulator_explained']:.0f} %"
        for outcome, row in first.iterrows()
    )
    matter = [
        f"{outcome_name(outcome)}{colon}" + comma.join(f"`{name}`" for name in total[outcome].nlargest(3).index)
        for outcome in outcomes
    ]
    return "\n".join(
        [
            bilingual("## Sensitivity: which parameters matter", "## 敏感性：哪些参数要紧"),
            "",
            "    urbsim sensitivity -o calibration/sensitivity",
            "",
            *lines_of(
                [
                    "Total Sobol indices for Jieshou at the end of 2035, of the parameters that a Morris screening of the",
                    "whole registry put first (`calibration/sensitivity/screening.csv`): the share of an outcome's variance",
                    "that would be left if all other parameters were known. Fitted parameters vary over their posterior,",
                    "others by a tenth",
                    f"of their range. Variance between runs that the emulator explains: {quality}.",
                ],
                [
                    "界首2035年末的总Sobol指数，只算对整个登记表作Morris筛选后排在前面的参数（`calibration/sensitivity/screening.csv`）：",
                    "假如其他参数都已知，结果的方差还剩下多大比重。经过拟合的参数在其后验内变动，其他参数在其范围的十分之一内变动。",
                    f"代理模型解释的各次模拟之间的方差：{quality}。",
                ],
            ),
            "",
            table_of([bilingual("parameter", "参数"), *map(outcome_name, outcomes)], rows),
            "",
            bilingual(f"What matters most: {semicolon.join(matter)}.", f"最要紧的：{semicolon.join(matter)}。"),
            "",
            f"![{bilingual('Sobol indices', 'Sobol指数')}](../calibration/sensitivity/sobol.png)",
        ]
    )
