"""``extends``: a scenario that states only what differs from another one.

Mappings merge key by key, lists and single values are replaced, and ``null`` removes an entry of the parent
(``policies: {hukou: null}``). Dates of a parameter that the parent gives one value leave that value in force until the
first of them. Every value keeps the file and line it was written at.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from urbsim.labels import Label, bilingual
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import quoted, shortened
from urbsim.reading.yaml_reader import read_yaml
from urbsim.scenario.keys import KEYS

EXTENDS = "extends"
_PATH_FORM = Label("the path of a scenario file, relative to this file", "情景文件的路径，相对于本文件")


@dataclass
class Merged:
    """A scenario's mapping after inheritance.

    ``files`` run from the scenario itself to its oldest ancestor. Without ``complete`` an ancestor could not be read,
    so that what seems missing may be there.
    """

    root: Node
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True


def read_with_parents(path: Path) -> Merged:
    """Return the mapping of a scenario file merged into those it extends.

    Raises
    ------
    ScenarioError
        If the file itself cannot be read. What is wrong with a parent is among the problems returned.
    """
    root, problems = read_yaml(path, str(path))
    return merge_parents(root, Merged(root, [str(path)], problems), [path.resolve()])


def merge_parents(root: Node, merged: Merged, seen: list[Path], within: Path | None = None) -> Merged:
    """Follow ``extends`` from a mapping and merge what is found, oldest ancestor first.

    ``seen`` holds the resolved paths of the files read so far, to find circles. With ``within``, no file outside that
    resolved folder is looked at.
    """
    layers = [root]
    while (link := layers[-1].entries.get(EXTENDS)) is not None:
        parent = None if link.is_blank else _parent(link, merged, seen, within)
        if parent is None:
            merged.complete = False
            break
        layers.append(parent)
    result: Node | None = None
    for layer in reversed(layers):
        # What a parent says of itself is not true of its children; a name in two languages is one name.
        left_out = {EXTENDS} if layer is root else {EXTENDS, "description", *({"name"} & root.entries.keys())}
        entries = {key: node for key, node in layer.entries.items() if key not in left_out}
        result = _merged(result, replace(layer, value=entries), merged)
        merged.root = result
    return merged


def _parent(link: Node, merged: Merged, seen: list[Path], within: Path | None) -> Node | None:
    """Return the mapping of the file that ``extends`` names, or None after noting why there is none."""
    if not isinstance(link.value, str) or not link.value.strip():
        merged.problems.append(
            link.at.problem(bilingual(f"extends is {link.describe()}", f"extends 的值是{link.describe()}"), _PATH_FORM)
        )
        return None
    path = link.at.folder / link.value
    try:
        resolved = path.resolve()
        is_outside = within is not None and not resolved.is_relative_to(within)
        exists = not is_outside and path.exists()
    except (OSError, ValueError, RuntimeError):
        merged.problems.append(
            link.at.problem(
                bilingual(
                    f"extends is {quoted(link.value)}, which is no path",
                    f"extends 的值是{quoted(link.value)}，不是路径",
                ),
                _PATH_FORM,
            )
        )
        return None
    if resolved in seen:
        chain = " → ".join(step.name for step in [*seen[seen.index(resolved) :], resolved])
        merged.problems.append(
            link.at.problem(
                bilingual(f"extends goes in a circle: {chain}", f"extends 循环引用：{chain}"),
                bilingual("a file that does not lead back", "不会绕回来的文件"),
            )
        )
        return None
    if not exists:
        merged.problems.append(_refusal(link, path, seen, is_outside=is_outside))
        return None
    try:
        root, problems = read_yaml(path, str(path), KEYS)
    except ScenarioError as error:
        merged.problems.extend(error.problems)
        return None
    finally:
        merged.files.append(str(path))
        seen.append(resolved)
    merged.problems.extend(problems)
    return root


def _refusal(link: Node, path: Path, seen: list[Path], *, is_outside: bool) -> Problem:
    """Return why a file is not read: it is not there, or nobody may know whether it is."""
    if is_outside:
        found = bilingual(
            f"extends is {quoted(str(link.value))}, a file that may not be read here",
            f"extends 的值是{quoted(str(link.value))}，此处不允许读取该文件",
        )
        return link.at.problem(found, bilingual("a scenario that comes with urbsim", "urbsim 自带的情景"))
    chain = " → ".join([*(step.name for step in seen), shortened(str(link.value))])
    found = bilingual(f"extends names a file that does not exist: {chain}", f"extends 指向的文件不存在：{chain}")
    return link.at.problem(found, _PATH_FORM, _neighbour(path, seen))


def _neighbour(path: Path, seen: list[Path]) -> str | None:
    """Return the name of a file beside a missing one that was probably meant, none of those that lead to it."""
    led = {step.name for step in seen if step.parent == path.parent.resolve()}
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix in {".yaml", ".yml"}]
    except OSError:
        return None
    return similar(path.name, [name for name in names if name not in led])


def _merged(base: Node | None, over: Node, merged: Merged, keys: tuple[str, ...] = ()) -> Node:
    if not isinstance(over.value, dict):
        return over
    entries = dict(base.entries) if base else {}
    before = _before_dates(base, keys) if base else None
    for key, node in over.value.items():
        below = (*keys, key)
        if node.is_blank:
            entries.setdefault(key, node)
        elif node.value is None:
            _remove(entries, node, merged, below)
        else:
            entries[key] = _merged(entries.get(key), node, merged, below)
    return replace(over, value=entries, before=before)


def _before_dates(base: Node, keys: tuple[str, ...]) -> Node | None:
    """Return what holds until the first date of a parameter: the parent's single value, if it has one."""
    is_parameter = len(keys) == 2 and keys[0] == "parameters"
    return (base.before if isinstance(base.value, dict) else base) if is_parameter else None


def _remove(entries: dict[str, Node], node: Node, merged: Merged, keys: tuple[str, ...]) -> None:
    """Take an entry of the parent away, which must be there."""
    key = keys[-1]
    if entries.pop(key, None) is None and merged.complete:
        place = bilingual(f" in {'.'.join(keys[:-1])}", f"（在 {'.'.join(keys[:-1])} 中）") if keys[:-1] else ""
        found = bilingual(
            f"nothing to remove: no parent file has {quoted(key)}{place}",
            f"没有可去掉的内容：上级文件都没有{quoted(key)}{place}",
        )
        allowed = bilingual(
            "a value, no such line, or the name of an entry of the parent",
            "写上值，或删去这一行，或写上级文件中某一项的名称",
        )
        merged.problems.append(node.key_at.problem(found, allowed, similar(key, entries)))
