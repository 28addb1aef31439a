"""How sure the numbers of an experiment are, in sentences made from the experiment itself."""

from __future__ import annotations

from urbsim.experiment.comparison import ENOUGH_REPLICATES
from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.footing import footing_notes, posterior_notes
from urbsim.labels import Label, Language, counted
from urbsim.parameters import registry
from urbsim.region.figures import FIGURES
from urbsim.report import text

_SPREAD = Label("Intervals are {interval}.", "区间为{interval}。")
_FEW = Label(
    "Fewer than {enough} runs of each scenario: an interval is the range of all of them and will widen with more.",
    "每个情景不足{enough}次模拟：区间为全部模拟的极差，增加次数会变宽。",
)
_LUCK = Label(
    "They show chance and the drawn population only. Parameters were held at one set of values, so the whole "
    "uncertainty is larger.",
    "区间只反映随机性和抽样人口。参数固定为一组取值，实际不确定性更大。",
)
_DRAWS = Label(
    "They cover {draws} of the calibrated parameters and chance; not the choice of rules, nor parameters that "
    "are assumptions.",
    "区间涵盖{draws}组校准参数和随机性；不含模型规则的选择，也不含属于假设的参数。",
)
_PAIRED = Label(
    "Differences compare the same people with the same random numbers, so they are surer than the levels they come "
    "from.",
    "差值在同一批人、同样的随机数之间比较，因此比水平值更可靠。",
)
_SAMPLE = Label(
    "{share} of the households were simulated and every count weighted back: about {people} people stand for a county "
    "population of {residents}.",
    "模拟了{share}的家庭并按比例还原：约{people}人代表{residents}名常住人口。",
)
_BASE = Label(
    "The base population repeats the census margins within {error}; the loosest is '{margin}'.",
    "基期人口与普查各边际分布的偏差均在{error}以内。",
)
_POLICIES = Label(
    "The amounts of {given} of {policies} are given by a programme; the others are assumptions.",
    "{count}项政策中，{given}项的数额由文件给定，其余为假设。",
)
_PARAMETERS = Label(
    "Of {count} parameters of the model, {assumed} are assumptions, marked as such in the registry.",
    "模型共{count}个参数，其中{assumed}个为假设，已在参数登记表中注明。",
)
#: Half the 80 % interval of a county's urban share ten years on, points: the mean over the hindcast's counties.
COUNTY_POINTS = 7
_LIMIT = Label(
    "A claim about one county over ten years that is tighter than about ±{points} points of urban share is not "
    "credible.",
    "对单个县十年城镇化率的判断，若误差小于约±{points}个百分点，不可信。",
)
_OWN = Label(
    "{count} figures of {counties} at the start are the county's own ({names}); the others are the model's estimates.",
    "{counties}期初有{count}项本县数据（{names}）；其余为模型估计。",
)
_FAILED = Label("{count} runs failed and are missing.", "有{count}次模拟失败，未计入。")


def sureness(ensemble: Ensemble, language: Language) -> list[str]:
    """Return the sentences, each true of this experiment."""
    draws = ensemble.plan.draws
    said = [_SPREAD.in_language(language).format(interval=text.interval_note(ensemble.replicates, language, draws))]
    if 1 < ensemble.replicates < ENOUGH_REPLICATES:
        said.append(_FEW.in_language(language).format(enough=ENOUGH_REPLICATES))
    said.append(
        (_LUCK if draws < 2 else _DRAWS)
        .in_language(language)
        .format(draws=counted(draws, "draw") if language == "en" else draws)
    )
    if len(ensemble.names) > 1:
        said.append(_PAIRED.in_language(language))
    said += [
        *_sample(ensemble, language),
        *_base(ensemble, language),
        *_policies(ensemble, language),
        _assumptions(language),
        *_own_figures(ensemble, language),
    ]
    said += footing_notes(ensemble.plan.baseline, language)
    said += posterior_notes(ensemble.plan.scenarios, language)
    said.append(_LIMIT.in_language(language).format(points=COUNTY_POINTS))
    if ensemble.failures:
        said.append(_FAILED.in_language(language).format(count=len(ensemble.failures)))
    return said


def _sample(ensemble: Ensemble, language: Language) -> list[str]:
    """Say how many people stand for the residents, where not everybody was simulated."""
    scale, table = ensemble.plan.baseline.scale, ensemble.table(("residents",))
    start = (table["scenario"] == ensemble.baseline) & (table["month"] == ensemble.first_month)
    residents = table.loc[start, "median"].dropna()
    if scale >= 1.0 or residents.empty:
        return []
    people, weighted = f"{residents.iloc[0] * scale:,.0f}", f"{residents.iloc[0]:,.0f}"
    return [_SAMPLE.in_language(language).format(share=f"{scale:.1%}", people=people, residents=weighted)]


def _base(ensemble: Ensemble, language: Language) -> list[str]:
    """Say how far the base population is from its margins: persons misplaced over persons, by margin."""
    share = ensemble.base_fit().dropna()
    if share.empty:
        return []
    return [_BASE.in_language(language).format(error=f"{share.iloc[0]:.2%}", margin=share.index[0])]


def _policies(ensemble: Ensemble, language: Language) -> list[str]:
    policies = [policy for scenario in ensemble.plan.scenarios for policy in scenario.policies.values()]
    given = sum(bool(policy.source and policy.source.given) for policy in policies)
    return (
        [
            _POLICIES.in_language(language).format(
                count=len(policies), policies=counted(len(policies), "policy", "policies"), given=given
            )
        ]
        if policies
        else []
    )


def _own_figures(ensemble: Ensemble, language: Language) -> list[str]:
    """Say which figures of the start are given by the user, of all scenarios together."""
    given = {
        (code, name)
        for scenario in ensemble.plan.scenarios
        for code, own in scenario.county_data.items()
        for name in own
    }
    if not given:
        return []
    codes, names = ({pair[part] for pair in given} for part in (0, 1))
    places = [text.place_label(code).in_language(language) for code in sorted(codes)[:6]]
    counties = text.enumerated([*places, *(["…"] if len(codes) > 6 else [])], language)
    shown = [FIGURES[name].label.in_language(language) for name in FIGURES if name in names]
    figures = text.enumerated(shown, language)
    return [_OWN.in_language(language).format(count=len(given), counties=counties, names=figures)]


def _assumptions(language: Language) -> str:
    parameters = registry().values()
    assumed = sum(parameter.status == "assumption" for parameter in parameters)
    return _PARAMETERS.in_language(language).format(count=len(parameters), assumed=assumed)
