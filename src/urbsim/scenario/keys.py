"""The keys of a scenario file."""

from __future__ import annotations

from collections.abc import Mapping

from urbsim.labels import Label

#: Keys of the file and what they mean; ``extends`` is resolved before the others are read.
KEYS: Mapping[str, Label] = {
    "name": Label(
        "name of the scenario in tables and charts; text, or {en: text, zh: text}",
        "情景的名称，用于表格和图；文字，或 {en: 英文, zh: 中文}",
    ),
    "description": Label(
        "what the scenario stands for; text, or {en: text, zh: text}", "情景的说明；文字，或 {en: 英文, zh: 中文}"
    ),
    "extends": Label(
        "scenario file to start from, relative to this one; only what differs is then written here",
        "作为起点的情景文件，路径相对于本文件；本文件只写不同之处",
    ),
    "region": Label(
        "county, prefecture or province simulated, by code or unique name, or a list of them",
        "模拟的县、地级市或省，写代码或不重名的名称，也可以是列表",
    ),
    "start": Label(
        "first month of the output; the run begins at the last census at or before it, 2010-11 or 2020-11",
        "输出的第一个月；模拟从不晚于它的最近一次普查（2010-11 或 2020-11）开始",
    ),
    "until": Label(
        "last month simulated, YYYY-MM, from the start to 2050-12", "模拟的最后一个月，YYYY-MM，从起始月到 2050-12"
    ),
    "scale": Label(
        "share of households simulated, 0.0001 to 1; every count is weighted back",
        "模拟的住户比重，0.0001 至 1；各项人数都按权重还原",
    ),
    "parameters": Label(
        "registered parameters that differ from the registry: a number, or numbers by month",
        "与参数登记表不同的参数：一个数，或按月份写的数",
    ),
    "county_types": Label(
        "types of county by a name of your choice, each with its counties; policies may name them",
        "自行命名的县的类型，各列出所含的县；政策可以引用",
    ),
    "policies": Label("dated policies by a name of your choice", "自行命名的政策，写明起止月份"),
    "targets": Label(
        "a programme's targets by indicator: numbers by month, how they are compared, and their source",
        "规划目标，按指标写：各月数值、比较方式和来源",
    ),
    "observe": Label(
        "results by group in tables and report, by a name of your choice: what, of whom, by what",
        "表格和报告中的分组结果，自行命名：看什么、看谁、按什么分",
    ),
    "feedbacks": Label("feedbacks of the model, on or off", "模型的反馈，开或关"),
    "county_data": Label(
        "a county's own figures at the start: a csv or xlsx file, or figures by county",
        "本县自己的起始数据：csv 或 xlsx 文件，或按县写的数据",
    ),
    "observed": Label(
        "what was observed, or targets taken to hold: a csv or xlsx file, or a list; shown and fitted to",
        "观测值，或视为成立的目标：csv 或 xlsx 文件，或列表；画在图上并用于拟合",
    ),
    "posterior": Label(
        "folder written by 'urbsim calibrate' from observations, in place of the posterior of all scenarios",
        "“urbsim calibrate”根据观测写出的文件夹，代替所有情景共用的后验",
    ),
    "calibrated": Label(
        "off runs without the posterior: the registry's values, no constants of counties (for teaching)",
        "写 off 则不用后验：只用登记表的值，没有各县常数（用于教学）",
    ),
}
