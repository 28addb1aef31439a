"""What ties policies of a scenario together: the demands of a programme it cites, names of levers and of parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from urbsim.labels import bilingual
from urbsim.policies.base import LeverOrigin, Part, Policy
from urbsim.programmes import programmes
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.fields import Report

#: Programmes whose clauses policies and targets may cite: those of the catalogue.
PROGRAMMES = programmes()
_TENANTS_EQUAL = ("changzhi-2024", "四(三)1")
_FIELD = "tenants_eligible"


def check_source(source: Node | None, report: Report) -> None:
    """Note a programme that does not exist, or clauses that the programme does not have."""
    programme = source.entries.get("programme") if source else None
    if source is None or programme is None or not isinstance(programme.value, str):
        return
    if programme.value not in PROGRAMMES:
        suggestion = similar(programme.value, PROGRAMMES)
        report.note(
            programme.at,
            bilingual(f"unknown programme {quoted(programme.value)}", f"未知的规划{quoted(programme.value)}"),
            listed(PROGRAMMES),
            suggestion,
        )
        return
    clause = source.entries.get("clause")
    if clause is not None and isinstance(clause.value, str):
        _check_clauses(programme.value, clause, report)


def _check_clauses(programme: str, clause: Node, report: Report) -> None:
    # Reading a programme takes a moment, so it is read when one is cited.
    from urbsim.programmes.reading import catalogued, cited

    clauses, known = catalogued(programme).clauses, catalogued(programme).citable
    allowed = bilingual(
        f"a clause of {programme}, as docs/policies.md lists them, such as {clauses[len(clauses) // 2].id}",
        f"{programme} 的条款，编号见 docs/policies.zh.md，例如 {clauses[len(clauses) // 2].id}",
    )
    numbers = cited(str(clause.value))
    if not numbers:
        report.append(
            clause.at.problem(bilingual(f"clause is {clause.describe()}", f"clause 的值是{clause.describe()}"), allowed)
        )
    for number in numbers:
        if number not in known:
            # Marks of a Chinese keyboard are right in a clause, so they are not what is wrong with it.
            report.append(
                clause.at.problem(
                    bilingual(f"unknown clause {quoted(number)}", f"未知的条款{quoted(number)}"),
                    allowed,
                    similar(number, known),
                )
            )


def check_tenants(policies: dict[str, Node], report: Report) -> None:
    """Note a claim of Changzhi's clause 四(三)1, which treats tenants and buyers alike, without tenants.

    One of the policies that cite the clause must make tenants eligible.
    """
    citing = {name: node for name, node in policies.items() if _cites(node.entries.get("source"), _TENANTS_EQUAL)}
    if not citing or any(_is_true(node.entries.get(_FIELD)) for node in citing.values()):
        return
    named = [name for name, node in citing.items() if _FIELD in node.entries]
    name = next(iter(named or citing))
    node = citing[name]
    at = node.entries[_FIELD].at if _FIELD in node.entries else node.entries["source"].entries["clause"].at
    found = bilingual(
        f"policy {quoted(name)} cites {' '.join(_TENANTS_EQUAL)}, which treats tenants and buyers alike",
        f"政策{quoted(name)}引用了 {' '.join(_TENANTS_EQUAL)}，该条款对租房者和购房者一视同仁",
    )
    report.note(
        at,
        bilingual(f"{found}, but tenants do not qualify", f"{found}，但租房者不符合条件"),
        bilingual(f"{_FIELD}: true, or no such citation", f"{_FIELD}: true，或去掉该引用"),
    )


def check_own_levers(policies: Mapping[str, Policy], nodes: Mapping[str, Node], report: Report) -> None:
    """Note a lever of the user's own that has the name of another: the ledger would not keep them apart."""
    first: dict[str, LeverOrigin] = {}
    for name, policy in policies.items():
        origin = policy.origin
        if origin is not None and (other := first.setdefault(policy.lever, origin))[:2] != origin[:2]:
            found = bilingual(
                f"{quoted(origin.spec)} and {quoted(other.spec)} both name themselves {quoted(policy.lever)}",
                f"{quoted(origin.spec)}和{quoted(other.spec)}都自称{quoted(policy.lever)}",
            )
            report.note(
                nodes[name].entries["lever"].at,
                found,
                bilingual("another 'lever' in one of the classes", "把其中一个类的“lever”改成别的名称"),
            )


def check_parts(policies: Mapping[str, Policy], nodes: Mapping[str, Node], report: Report) -> None:
    """Note a part that has one name in one language and two in the other: nobody could tell whether it is one part."""
    parts = {name: policy.part for name, policy in policies.items() if policy.part is not None}
    for name, part in parts.items():
        alike = Counter(other for other in parts.values() if part.en == other.en or part.zh == other.zh)
        usual = alike.most_common(1)[0][0]
        if usual != part:
            found = bilingual(
                f"the part is {_both(part)} here and {_both(usual)} in other policies",
                f"此处的部分是 {_both(part)}，其他政策中是 {_both(usual)}",
            )
            report.note(
                nodes[name].entries["part"].at,
                found,
                bilingual("one name of a part in each language", "同一部分在每种语言中只用一个名称"),
                _both(usual),
            )


def _both(part: Part) -> str:
    return f"{{en: {part.en}, zh: {part.zh}}}"


def _is_true(node: Node | None) -> bool:
    return node is not None and node.value is True


def _cites(source: Node | None, clause: tuple[str, str]) -> bool:
    if source is None:
        return False
    from urbsim.programmes.reading import cited

    programme, number = (source.entries.get(key) for key in ("programme", "clause"))
    if programme is None or number is None or not isinstance(number.value, str):
        return False
    return programme.value == clause[0] and clause[1] in cited(number.value)
