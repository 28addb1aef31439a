"""Headings and fixed words of the report, and what its charts are called where they cannot be seen."""

from __future__ import annotations

from urbsim.labels import Label

WORDS = {
    "contents": Label("Contents", "目录"),
    "opening": Label("In brief", "摘要"),
    "different": Label("What differs", "情景差别"),
    "different_from": Label("What differs from '{base}'", "与“{base}”的差别"),
    "same": Label("Nothing: it is simulated as the baseline is.", "无差别：与基准相同。"),
    "groups": Label("Who gains, who loses", "谁受益、谁受损"),
    "contributions": Label("Which policies did it", "哪些政策起了作用"),
    "costs": Label("Costs", "支出"),
    "costs_note": Label(
        "In {unit} of the base year, over the whole run, undiscounted, mean over runs, by who pays.",
        "单位{unit}：整个模拟期合计，基年不变价、不折现，各次模拟平均，按支付方。",
    ),
    "no_costs": Label("No policy cost anything.", "政策没有支出。"),
    "grey": Label("Grey differences may be chance: their interval holds zero.", "灰色差值的区间包含零，可能出于偶然。"),
    "no_program": Label(
        "This chart needs JavaScript; its picture lies in charts/.", "此图需要JavaScript；图片见charts文件夹。"
    ),
    "region": Label("Region", "地区"),
    "period": Label("Period", "时段"),
    "scale": Label("Share simulated", "抽样比例"),
    "baseline": Label("baseline", "基准"),
    "headline": Label("At a glance", "主要结果"),
    "indicator": Label("Indicator", "指标"),
    "below": Label(
        "Median with interval; below, the difference from the baseline in the same draw and replicate.",
        "中位数与区间；下方为同一参数组、同一次模拟中与基准之差。",
    ),
    "targets": Label("Targets", "目标达成"),
    "no_targets": Label("No scenario sets a target.", "各情景均未设定目标。"),
    "observed": Label("Observed and simulated", "观测与模拟"),
    "observed_note": Label(
        "What was used to fit, or set as a target, tests nothing: runs agree with it because they were made to.",
        "已用于校准或设为目标的数值不构成检验：模拟与其相符是校准的结果。",
    ),
    "targets_note": Label(
        "Probability: share of runs that meet the target in its month. Last column: years at whose end the median "
        "meets it; a single year means from then on.",
        "达标概率：在目标月份达标的模拟占比。末列：中位数于年末达标的年份；单个年份表示此后一直达标。",
    ),
    "charts": Label("Charts", "图"),
    "counties": Label("Counties", "各县情况"),
    "counties_note": Label(
        "Most residents first; medians, with intervals for rates; below, the difference from the baseline.",
        "按常住人口排序；数值为中位数，比率附区间；下方为与基准之差。",
    ),
    "policies": Label("Policies in force", "执行的政策"),
    "no_policies": Label("No scenario has a policy.", "各情景均无政策。"),
    "policy": Label("Policy", "政策"),
    "when": Label("When", "时间"),
    "where": Label("Where", "范围"),
    "amounts": Label("Settings", "设定"),
    "payer": Label("Payer", "支付方"),
    "clause": Label("Clause", "条款"),
    "amount_is": Label("Amounts", "数额来源"),
    "as_above": Label("as above, of the same lever", "同上，政策工具相同"),
    "founded_note": Label(
        "Below each policy, how well founded the effect of its lever is: by rule from the list of published "
        "evaluations (docs/evidence.md); and what one dose of the lever does, other than the amounts of this plan.",
        "每项政策下方说明其政策工具效果的依据强度，按已发表评估清单的规则判定（docs/evidence.md）；并给出该工具一份剂量的效果，"
        "与本方案的数额不同。",
    ),
    "spent": Label("Spent ({unit})", "支出（{unit}）"),
    "spent_note": Label(
        "Spent over the whole run, mean over runs, constant prices. Settings not named are the lever's "
        "defaults (urbsim policies LEVER).",
        "支出为整个模拟期合计、各次模拟平均、不变价。未列出的设定取政策工具默认值（urbsim policies LEVER）。",
    ),
    "cut": Label("What was cut", "被削减的政策"),
    "nothing_cut": Label("Nothing: money and land carried every policy in full.", "无：资金和用地足以支持全部政策。"),
    "cut_note": Label(
        "Sums over the run and all counties, mean over runs. A policy for which money or land does not suffice is done "
        "in part.",
        "为整个模拟期、各县合计，各次模拟平均。资金或用地不足的政策按比例执行。",
    ),
    "cut_limit": Label("Limit", "约束"),
    "cut_first": Label("First in", "最早年份"),
    "cut_wanted": Label("Wanted", "需要"),
    "cut_possible": Label("Possible", "可行"),
    "cut_share": Label("Share", "比例"),
    "sure": Label("How sure we are", "结果的可靠程度"),
    "reproduce": Label("How to reproduce", "如何重现"),
    "command": Label("Command", "命令"),
    "again": Label("From the run folder", "由模拟文件夹重现"),
    "seed": Label("Seed", "随机种子"),
    "commit": Label("Commit of the code", "代码版本"),
    "model": Label("Hash of the model", "模型哈希"),
    "tables": Label("Hash of the region tables", "地区数据哈希"),
    "versions": Label("Versions", "软件版本"),
    "foot": Label(
        "Persons are synthetic. Not a forecast of one county and not for decisions about people.",
        "人物均为合成。本报告不是对单个县的预测，也不得用于针对个人的决定。",
    ),
}

#: What a chart shows, for readers who do not see it; charts of one indicator are called by its name.
CHART_TITLES = {
    "urbanization": Label("Resident and registered urbanization rate over time", "常住与户籍人口城镇化率的变化"),
    "residents_by_zone": Label("Where people live over time", "人口居住分布的变化"),
    "targets": Label("Targets and what was simulated", "目标与模拟结果"),
    "urban_growth_by_component": Label("Where urban growth comes from", "城镇人口增长的来源"),
    "difference_from_baseline": Label("Differences from the baseline over time", "与基准之差的变化"),
    "policy_spending_by_lever": Label("Spending on policies by lever", "各类政策支出"),
    "urbanization_by_county": Label("Urbanization by county, ranked", "各县城镇化率排序"),
    "county_map": Label("Map of urbanization by county", "各县城镇化率地图"),
    "county_change_map": Label("Maps of change by scenario", "各情景变化地图"),
    "county_difference_map": Label("Maps of differences from the baseline", "与基准之差地图"),
}
