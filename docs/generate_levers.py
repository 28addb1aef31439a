"""Write the reference of the levers from their classes, in English and Chinese: python docs/generate_levers.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from urbsim.evidence.elasticities import sentences
from urbsim.evidence.grades import grade_of
from urbsim.labels import Label, Language, speaking
from urbsim.policies.base import Policy
from urbsim.policies.reference import allowed_and_unit, default_text, lever_reference
from urbsim.policies.registry import all_levers

DOCS = Path(__file__).parent
PAGES: dict[Language, Path] = {"en": DOCS / "levers.md", "zh": DOCS / "levers.zh.md"}
_OPENING = Label(
    """\
# Levers

<!-- Written by docs/generate_levers.py from the classes in src/urbsim/policies; edit those. -->

[中文](levers.zh.md)

A policy of a scenario uses one lever. It never touches people: it changes *named quantities* of zones or of the
government, and the people react to those. `urbsim policies LEVER` shows the same on the command line, in Chinese
with `--lang zh`.

- **Flows and stocks.** Amounts "a year" are flows: one twelfth is added every month while the policy is in force. What
  was added stays when the policy ends.
- **Each zone, each county.** An amount holds in every zone and county the policy reaches: 300 dwellings a year with
  `zones: [town, seat]` are 600 a year in the county. Write one policy per county where amounts differ.
- **Where policies meet.** Each quantity says how contributions combine. The order of the policies never matters.
- **Ramp.** With `ramp_months: 11` the first month has one twelfth of the strength, the twelfth month all of it. At
  partial strength a requirement has moved that part of the way from what holds without the policy.
- **Money.** Every lever books its cost to the ledger, for the real population at any `scale`. Building is booked when
  it happens; the running of what was built goes on after the policy ends. Where two policies pay for the same people,
  they share the cost. Defaults in yuan are assumptions, in constant prices; set your own where you know better.
- **Short budgets.** A shortfall cuts what the county pays in the order given with each lever: 1 is cut first.
- **How well founded.** *fitted*: the responses that the lever acts through were fitted to studies of it, or all of them
  to studies; *sign only*: another study of the list speaks to it; else *assumption*: by [rule](evidence.md#levers).
  What it does was measured in runs (`urbsim experiments --strength`).
- **Land.** Where a `construction_land_quota` is in force, policies that add dwellings or posts are cut to the land
  there is, all in the same proportion. A run prints what lack of money and land cut, and `limits.csv` holds it by
  county and year.
""",
    """\
# 政策工具

<!-- 由 docs/generate_levers.py 根据 src/urbsim/policies 中的类生成；请修改那里。 -->

[English](levers.md)

情景中的每项政策使用一个政策工具。它从不直接改变人，而是改变各区域或政府的*命名的量*，由人对这些量作出反应。
命令行的 `urbsim policies LEVER --lang zh` 显示同样的内容；也可以用中文查找，例如 `urbsim policies 落户`。

- **流量和存量。** “每年”的数量是流量：政策实施期间每月增加十二分之一。政策结束后，已增加的部分保留。
- **每个区域、每个县。** 数量适用于政策所覆盖的每个区域和每个县：`zones: [town, seat]`、每年300套住房，
全县每年就是600套。各县数量不同的，每县写一项政策。
- **多项政策并存。** 每个量都说明各项贡献如何合并。政策的先后次序不影响结果。
- **渐进。** `ramp_months: 11` 时，第一个月有十二分之一的力度，第十二个月达到全部力度。力度未满时，
某项要求从没有政策时的水平相应移动一部分。
- **资金。** 每个政策工具都把费用记入账目，不论 `scale` 多大都按真实人口计。建设在发生时记账；
建成之物的运行费用在政策结束后继续。
  两项政策为同一批人付费时，分摊费用。以元计的默认值都是假设，按不变价格；您有更可靠的数据时请自行填写。
- **预算不足。** 资金短缺时，按各政策工具注明的次序削减县级支出：1 最先削减。
- **依据强度。** *已拟合*：政策工具所经由的反应参数依据关于该工具的研究拟合，或全部依据研究拟合；*仅方向有依据*：
  所列的其他研究涉及它；否则为*假设*；按[规则](evidence.md#levers)判定。
  效果由模拟测得（`urbsim experiments --strength`）。
- **土地。** 有 `construction_land_quota` 在实施时，增加住房或岗位的政策按同一比例削减到现有土地所能容纳的程度。
  模拟会显示因缺少资金和土地而削减的内容，`limits.csv` 按县和年列出。
""",
)
_ACTS_ON = Label("acts on | unit | where several policies meet", "作用对象 | 单位 | 多项政策并存时")
_FIELDS = Label("field | allowed; unit | default | meaning", "字段 | 取值；单位 | 默认值 | 含义")
_COMMON = Label("Fields of every lever", "每个政策工具都有的字段")
_EVIDENCE, _CUT_ORDER = Label("Evidence.", "依据。"), Label("Cut order", "削减次序")
_FOUNDED, _EFFECT = Label("How well founded.", "依据强度。"), Label("What it does, in runs.", "模拟中的效果。")
_WHOLE = Label(" Acts on whole counties: `zones` is refused.", "作用于整个县：不接受 `zones`。")
_REQUIRED = Label("required", "必填")


def page(language: Language) -> str:
    """Return the whole page."""
    with speaking(language):
        levers = all_levers()
        every = [field for field in lever_reference(levers["hukou_relaxation"], language)["fields"] if not field["own"]]
        other: Language = "zh" if language == "en" else "en"
        comma, colon = Label(", ", "，"), Label(": ", "：")
        contents = [
            f"- [`{name}`](#{name}){colon}{cls.title.in_language(language)}{comma}{cls.title.in_language(other)}"
            for name, cls in levers.items()
        ]
        common = [f"## {_COMMON}", "", *_fields(every)]
        sections = [line for cls in levers.values() for line in _section(cls, language)]
        return "\n".join([str(_OPENING), *contents, "", *common, "", *sections]).rstrip() + "\n"


def _section(cls: type[Policy], language: Language) -> list[str]:
    lever = lever_reference(cls, language)
    own = [field for field in lever["fields"] if field["own"] or field["name"] in {"zones", "payer"}]
    zonal = any(field["name"] == "zones" for field in own)
    opening = Label(
        f"**{cls.title.en}** ({cls.title.zh}). {lever['explanation']}",
        f"**{cls.title.zh}**（{cls.title.en}）。{lever['explanation']}",
    )
    return [
        f"## {lever['lever']}",
        "",
        str(opening),
        "",
        f"*{_EVIDENCE}* {lever['evidence']}",
        "",
        *_founded(cls, language),
        f"*{_CUT_ORDER}* {cls.cut_order}{Label('.', '。')}" + ("" if zonal else str(_WHOLE)),
        "",
        *_table(
            _ACTS_ON,
            [(f"`{quantity['name']}`", quantity["unit"], quantity["rule"]) for quantity in lever["quantities"]],
        ),
        "",
        *_fields(own),
        "",
        "```yaml",
        lever["example"].rstrip(),
        "```",
        "",
    ]


def _founded(lever: type[Policy], language: Language) -> list[str]:
    """Return how well founded the effect of a lever is, and what a dose of it did in runs."""
    said = sentences(lever, language)
    effect = [f"*{_EFFECT}* {Label(' '.join(said), ''.join(said))}", ""] if said else []
    return [f"*{_FOUNDED}* {grade_of(lever).sentence(language)}", "", *effect]


def _fields(fields: list[dict[str, Any]]) -> list[str]:
    rows = [
        (f"`{field['name']}`", allowed_and_unit(field), default_text(field, str(_REQUIRED)), field["description"])
        for field in fields
    ]
    return _table(_FIELDS, rows)


def _table(headings: Label, rows: Sequence[tuple[str, ...]]) -> list[str]:
    columns = str(headings).count("|") + 1
    return [f"| {headings} |", f"|{' --- |' * columns}", *(f"| {' | '.join(cells)} |" for cells in rows)]


if __name__ == "__main__":
    for each, path in PAGES.items():
        path.write_text(page(each), encoding="utf-8")
