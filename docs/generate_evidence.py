"""Write docs/evidence.md, the studies and priors behind responses to policies: python docs/generate_evidence.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from evidence_results import results

from urbsim.evidence.grades import STRENGTHS, grade_of
from urbsim.evidence.reading import responses, studies
from urbsim.evidence.rows import UNITS, EvidenceStudy, PolicyResponse, Role, StudyOutcome
from urbsim.evidence.rules import JUDGED, JUDGED_ABROAD, JUDGED_DISPUTED, TO_BAND, can_judge, grade
from urbsim.policies.registry import all_levers

PAGE = Path(__file__).with_name("evidence.md")
_OPENING = """\
# Evidence

<!-- Written by docs/generate_evidence.py from src/urbsim/evidence/*.yaml; edit those files. -->

What is known of responses to policies: published evaluations with what each is used for, and what is expected of every
response before any of them is fitted. Grades, errors, bands and roles follow rules that were written down before
anything was simulated under responses that vary; a test holds the lists to the rules. `urbsim experiments` repeats the
studies marked with an experiment on simulated people and shows those that may fit and those that test apart.

**What was read.** {read}. Most abstracts print no interval: the
size of the error is then a judgement by rule, and says so. A number is entered only with the words it was printed in
and where these were read.

## Rules

- **Grade** of the design. *strong*: a randomized trial, a regression discontinuity, or differences in differences whose
  pre-trends were seen; *fair*: an instrument, or differences in differences of which no pre-trends were seen; *weak*:
  matching, a regression, or what a structural model implies.
- **Error.** Printed; else implied by a printed p-value, or by a printed range read as 90 %; else judged:
  {judged:.0f} % of the estimate, {abroad:.0f} % in another country, {disputed:.0f} % where another study found the
  other sign.
- **Band.** The estimate and {to_band} errors to either side, cut at zero, because the sign is the least that must hold,
  unless another study found the other sign. Bands of the first list of experiments stay as they were (*kept*).
- **Split.** A study can fit or test if a number was seen, its design is no mere regression or structural model, and the
  comparison can be repeated in the model. Within a channel they are ordered by grade, the newest first, then by name,
  and take turns: fit, test, fit and so on. Studies that disagree in sign take one turn together. Channels with a single
  turn take turns among themselves, by name. So a lever's only evidence fits or tests, never both. A source of a prior
  does neither.

{counts}
"""
_ROLE_TITLES = {
    Role.FIT: ("Studies that fit", "The posterior of responses may rest on these."),
    Role.TEST: ("Studies that test", "Nothing is fitted to these."),
    Role.EXPECTATION: (
        "Expectations",
        "Sign and order, or sizes that cannot be asked of the model. They are shown beside results, and neither fit\n"
        "nor count as tests.",
    ),
    Role.PRIOR: ("Sources of priors", "Used for the centre or width of a prior below, and for nothing else."),
}
_DISAGREE = "## Where studies disagree in sign\n\n"
_LEFT_OUT = (
    (
        "Hannum, Liu & Wang 2021 (−0.60 years of school for girls after a closure); Liang 2017 (−0.74 years)",
        "distance keeps nobody from school in the model: closed places send pupils to town",
    ),
    (
        "Qin 2017, high-speed rail (5 % of output in bypassed counties, in the author's own summary); Li, Sun & Deng "
        "2021 (small cities lose people, sign)",
        "output and investment are not in the model; roads and rail change distances only",
    ),
    (
        "Facchini, Liu, Mayda & Zhou 2019 (+24 % in-migration where trade became safer)",
        "what the change was worth in pay or posts is not known",
    ),
    (
        "Fang & Lin 2015, minimum wages and employment; Imbert, Seror, Zhang & Zylberberg 2022, migrants and firms",
        "no number in the abstract",
    ),
    ("Zhao & Geng 2020, training (+1.88 yuan an hour, matched)", "the mean wage was not seen, so that it is no share"),
    ("registration opened further in 2019; settlement index of 332 cities 1996-2022", "no causal number was found"),
    (
        "Zhang & Hoekstra 2020; Zou 2021; provident fund and the wish to settle (2024)",
        "correlations across cities, or wishes, not effects",
    ),
    (
        "resettlement of shantytowns in cash (Xu & Zheng 2024; Chen & Zhu 2024); counties upgraded to cities",
        "sign only, and no lever for it",
    ),
)


_STRENGTHS_BY_RULE = """\
How well founded the effect of each lever is, by rule. A lever acts through the responses that name one of its
quantities (`through` in `responses.yaml`). *fitted*: a study that fits names the lever and informs one of these, or
such studies inform all of them; which of them no fit informs is shown beside it. *sign only*: another study names the
lever or informs one of its responses. Else *assumption*. `urbsim policies LEVER` and the report of a run say the same.

"""
_PRIORS = """\
Before any study is fitted; all are cut at the range. Given are mean and standard deviation (normal), or median and
standard deviation of the logarithm (lognormal) or logit (logit-normal). A response without an equation is a parameter
of the [registry](parameters.md); one with an equation is proposed, and no run knows it yet.

"""


def page() -> str:
    """Return the whole page."""
    parts = [_opening(), _overview()]
    parts += [_of_role(role) for role in _ROLE_TITLES]
    parts += [_disagreements(), _levers(), *results(), _priors(), _left_out(), _details()]
    return "\n".join(parts)


def _opening() -> str:
    read = Counter(study.read for study in studies())
    words = ", ".join(f"{count} {name.value.replace('_', ' ')}" for name, count in read.most_common())
    roles = Counter(study.role for study in studies())
    counts = f"**{roles[Role.FIT]} studies fit, {roles[Role.TEST]} test**, {roles[Role.PRIOR]} are sources of priors, "
    counts += f"{roles[Role.EXPECTATION]} are expectations."
    return _OPENING.format(
        read=f"{len(studies())} studies: {words}",
        judged=100 * JUDGED,
        abroad=100 * JUDGED_ABROAD,
        disputed=100 * JUDGED_DISPUTED,
        to_band=TO_BAND,
        counts=counts,
    )


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(headings)
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _overview() -> str:
    channels = dict.fromkeys(study.channel for study in studies())
    rows = []
    for channel in channels:
        of_role = {role: [s.id for s in studies() if s.channel == channel and s.role is role] for role in Role}
        rows.append([channel.replace("_", " "), *(", ".join(f"`{name}`" for name in of_role[role]) for role in Role)])
    return "## The split\n\n" + _table(["channel", *(role.value for role in Role)], rows) + "\n"


def _of_role(role: Role) -> str:
    title, words = _ROLE_TITLES[role]
    rows = [
        [
            f"`{study.id}`" if number == 0 else "",
            study.citation.short if number == 0 else "",
            outcome.label.en,
            _estimate(outcome),
            _band(outcome),
            f"{study.design.value.replace('_', ' ')}, {grade(study)}" if number == 0 else "",
            study.read.value.replace("_", " ") if number == 0 else "",
            (f"`{study.experiment}`" if study.experiment else "not yet") if number == 0 and _runs(study) else "",
        ]
        for study in studies()
        if study.role is role
        for number, outcome in enumerate(study.outcomes)
    ]
    headings = ["study", "publication", "outcome", "found", "band", "design, grade", "read", "experiment"]
    return f"## {title}\n\n{words}\n\n" + _table(headings, rows) + "\n"


def _runs(study: EvidenceStudy) -> bool:
    return study.experiment is not None or can_judge(study)


def _estimate(outcome: StudyOutcome) -> str:
    if outcome.estimate is None:
        return outcome.published.en
    assert outcome.error is not None
    assert outcome.error_from is not None
    origin = {"p_value": "by p-value", "range": "by range", "judgement": "judged"}.get(
        outcome.error_from.value, "printed"
    )
    unit = UNITS[outcome.unit].en
    return f"{outcome.estimate:+g} ± {outcome.error:.2g} {unit} ({origin})"


def _band(outcome: StudyOutcome) -> str:
    if outcome.sign is not None:
        return outcome.sign.value
    if outcome.band is None:
        return ""
    low, high = outcome.band
    ends = [f"{end:+g}" if end else f"{end:g}" if end is not None else "" for end in (low, high)]
    text = f"{ends[0]} or more" if high is None else f"{ends[1]} or less" if low is None else f"{ends[0]} to {ends[1]}"
    return f"{text} (kept)" if outcome.kept else text


def _disagreements() -> str:
    pairs = dict.fromkeys(tuple(sorted((study.id, other))) for study in studies() for other in study.disagrees)
    found = {study.id: study for study in studies()}
    rows = [
        [f"`{name}`: {found[name].outcomes[0].published.en}" for name in pair] + [found[pair[0]].role.value]
        for pair in pairs
    ]
    text = (
        "Both are carried, and bands reach beyond zero. Of training, two cities of one study disagree; their mean is\n"
    )
    text += "its estimate. Of pensions, a later study finds no effect on migration (note of `pension_migration`).\n\n"
    return _DISAGREE + text + _table(["one", "the other", "role of the first"], rows) + "\n"


def _levers() -> str:
    rows = [
        [
            f"`{name}`",
            STRENGTHS[grade.strength].en,
            _named(grade.fits),
            ", ".join(f"`{response.id}`" for response in grade.fitted) or "none",
            ", ".join(f"`{response.id}`" for response in grade.open) or "none",
            _named(grade.tests),
            _named(grade.others),
        ]
        for name, lever in all_levers().items()
        for grade in (grade_of(lever),)
    ]
    headings = ["lever", "strength", "fit", "responses fitted", "responses that no fit informs", "test", "other"]
    return "## Levers\n\n" + _STRENGTHS_BY_RULE + _table(headings, rows) + "\n"


def _named(found: Iterable[EvidenceStudy]) -> str:
    return ", ".join(f"`{study.id}`" for study in found) or "none"


def _priors() -> str:
    rows = [
        [
            f"`{one.id}`",
            f"{one.label.en} ({one.label.zh})",
            one.unit,
            _distribution(one),
            "" if one.enters is None else f"`{one.enters}`",
            ", ".join(f"`{name}`" for name in one.through),
            one.source + "".join(f"; `{name}`" for name in one.studies),
        ]
        for one in responses()
    ]
    text = "## Priors of the responses\n\n" + _PRIORS
    return (
        text
        + _table(["response", "meaning", "unit", "prior", "equation", "policies act through", "source"], rows)
        + "\n"
    )


def _distribution(one: PolicyResponse) -> str:
    low, high = (f"{end:g}" for end in one.range)
    if one.centre is None:
        return f"uniform on {low} to {high}"
    return f"{one.prior.value.replace('_', '-')}, {one.centre:g}, {one.width:g}; {low} to {high}"


def _left_out() -> str:
    return "## Read and left out\n\n" + _table(["study", "why"], _LEFT_OUT) + "\n"


def _details() -> str:
    return "## Study by study\n\n" + "\n".join(_detail(study) for study in studies())


def _detail(study: EvidenceStudy) -> str:
    cited = study.citation
    who = cited.authors or "Authors not shown"
    year = str(cited.year) if cited.year else "year not shown"
    links = [f"doi:{cited.doi}" if cited.doi else "", f"<{cited.url}>" if cited.url else ""]
    lines = [
        f"### {study.id}",
        "",
        f"{who} ({year}). {cited.title}. {cited.journal}. {' '.join(link for link in links if link)}",
        "",
        f"- **Compared**: {study.compared}. {study.where[0].upper()}{study.where[1:]}{_years(study)}.",
        f"- **Role**: {study.role.value}; informs {', '.join(f'`{name}`' for name in study.informs)}.",
    ]
    if study.stage is not None:
        lines.append(f"- **Simulated**: {study.stage.world}; {study.stage.start} to {study.stage.until}.")
    if study.not_repeatable is not None:
        lines.append(f"- **Not repeatable**: {study.not_repeatable}.")
    lines += [
        f"- **Seen** ({outcome.label.en}): “{outcome.seen}”" + (f", <{outcome.read_at}>" if outcome.read_at else "")
        for outcome in study.outcomes
        if outcome.seen
    ]
    if study.note is not None:
        lines.append(f"- **Note**: {study.note}")
    return "\n".join([*lines, ""])


def _years(study: EvidenceStudy) -> str:
    if study.years is None:
        return ""
    first, last = study.years
    return f", {first}" if first == last else f", {first}-{last}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
