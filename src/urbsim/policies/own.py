"""Levers of the user's own: Python files beside a scenario, which run only where the user allows it.

A lever file may import modules and read data that lie in its folder or below. What it reads while it is run is part
of the lever's identity: a change of any of these files gives another lever, and a worker process refuses a lever whose
files changed after the scenario was read.
"""

from __future__ import annotations

import copyreg
import hashlib
import itertools
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import ModuleType
from typing import Any

from urbsim.labels import Label, bilingual, printable
from urbsim.policies.base import LeverOrigin, Policy
from urbsim.policies.built_in import all_levers, is_policy
from urbsim.quantities.environment import DECLARATIONS
from urbsim.reading.files import FileRefusedError, read_regular
from urbsim.reading.suggestions import did_you_mean, similar
from urbsim.reading.wording import listed, quoted

MOST_BYTES = 1_000_000
MOST_BYTES_OF_DATA = 1_000_000_000
#: Where the files lie of levers that came from another machine (``sent.py``).
IN_PLACE: dict[LeverOrigin, Path] = {}
_FORM = "FILE.py:CLASS"
_PLACE = Label(
    f"{_FORM}, the file in the folder of the scenario file or below",
    f"{_FORM}，文件放在情景文件所在的文件夹或其下级文件夹",
)
_TEXTS = ("title", "explanation")


class LeverError(ValueError):
    """A lever that cannot be used; ``allowed`` says what can, ``suggestion`` what was probably meant."""

    def __init__(self, message: str, allowed: str | Label = "", suggestion: str | None = None) -> None:
        super().__init__(message)
        self.allowed, self.suggestion = str(allowed), suggestion


class LeverFileError(LeverError):
    """A lever of the user's own that cannot be read from its file."""


class CodeNotAllowedError(LeverFileError):
    """A lever of the user's own where the code of scenarios may not run."""


def own_lever(spec: str, folder: Path, *, allow_code: bool) -> type[Policy]:
    """Return the class of a lever written ``file.py:ClassName``; the path starts at the folder of the scenario file.

    Unless any of its files changed, the same lever is the same class.

    Raises
    ------
    CodeNotAllowedError
        If the file may not be run.
    LeverFileError
        If the file or class is missing or is not where it may be, cannot be run, or is not a complete lever.
    """
    file, _, class_name = spec.rpartition(":")
    if not file.endswith(".py") or not class_name.isidentifier():
        raise LeverFileError(
            bilingual(f"{quoted(spec)} does not name a lever", f"{quoted(spec)}不是政策工具的名称"), _FORM
        )
    path = _inside(file, folder)
    source = _source(path, file, class_name)
    if not allow_code:
        raise CodeNotAllowedError(
            bilingual(
                f"lever {quoted(spec)} would run the Python code of {quoted(file)}",
                f"政策工具{quoted(spec)}会运行{quoted(file)}中的 Python 代码",
            ),
            bilingual(
                "a built-in lever; or --allow-code (in Python allow_code=True), if you trust the file",
                "内置政策工具；如果您信任该文件，可加 --allow-code（Python 中为 allow_code=True）",
            ),
        )
    return _class_of(path, source, class_name)


def _inside(file: str, folder: Path) -> Path:
    """Return the resolved path of a file in a folder or below it, links followed."""
    windows = PureWindowsPath(file)
    if windows.anchor or PurePosixPath(file).is_absolute() or ".." in windows.parts:
        raise LeverFileError(
            bilingual(
                f"lever file {quoted(file)} is named by an absolute path or by '..'",
                f"政策工具文件{quoted(file)}用了绝对路径或“..”",
            ),
            _PLACE,
        )
    try:
        home = folder.resolve()
        path = (home / file).resolve()
    except (OSError, ValueError, RuntimeError):
        raise LeverFileError(
            bilingual(f"lever file {quoted(file)} has no path", f"政策工具文件{quoted(file)}没有路径"), _PLACE
        ) from None
    if not path.is_relative_to(home):
        raise LeverFileError(
            bilingual(
                f"lever file {quoted(file)} is a link out of the scenario's folder",
                f"政策工具文件{quoted(file)}是指向情景文件夹之外的链接",
            ),
            _PLACE,
        )
    return path


def _source(path: Path, file: str, class_name: str) -> bytes:
    try:
        return read_regular(path, MOST_BYTES)
    except FileRefusedError as error:
        neighbour = similar(path.name, [each.name for each in sorted(path.parent.glob("*.py"))])
        meant = f"{PurePosixPath(file).with_name(neighbour)}:{class_name}" if neighbour else None
        found = bilingual(f"lever file {quoted(file)}: {error}", f"政策工具文件{quoted(file)}：{error}")
        raise LeverFileError(
            found, error.limit or _PLACE, meant if bilingual("no such file", "文件不存在") in str(error) else None
        ) from None


@dataclass(frozen=True)
class _Loaded:
    """A lever file that was run, and the hash of every file it read, by path."""

    module: ModuleType
    read: dict[Path, str]


_loaded: dict[Path, _Loaded] = {}
_numbers = itertools.count(1)


def _class_of(path: Path, source: bytes, class_name: str) -> type[Policy]:
    """Return a class of a lever file, run anew if it or anything it read has changed."""
    known = _loaded.get(path)
    if known is None or known.read != {each: _hash(each) for each in known.read}:
        known = _loaded[path] = _run(path, source)
    return _checked(known, path, class_name)


def _checked(loaded: _Loaded, path: Path, class_name: str) -> type[Policy]:
    """Return a class of a lever file that was run, if it is a complete lever."""
    found = getattr(loaded.module, class_name, None)
    name = printable(path.name)
    if found is None:
        own = loaded.module.__name__
        offered = [each for each, item in vars(loaded.module).items() if is_policy(item) and item.__module__ == own]
        meant = similar(class_name, offered)
        message = bilingual(
            f"{quoted(path.name)} has no class {quoted(class_name)}; it has {listed(offered) or 'no lever'}",
            f"{quoted(path.name)}中没有类{quoted(class_name)}；其中有：{listed(offered) or '没有政策工具'}",
        )
        raise LeverFileError(message, suggestion=f"{path.name}:{meant}" if meant else None)
    if not is_policy(found):
        raise LeverFileError(
            bilingual(
                f"{quoted(class_name)} in '{name}' is not a subclass of urbsim.levers.Policy",
                f"“{name}”中的{quoted(class_name)}不是 urbsim.levers.Policy 的子类",
            )
        )
    if problems := problems_of(found):
        raise LeverFileError(
            bilingual(
                f"lever {quoted(class_name)} in '{name}' is incomplete: {'; '.join(problems)}",
                f"“{name}”中的政策工具{quoted(class_name)}不完整：{'；'.join(problems)}",
            )
        )
    if "origin" not in vars(found):
        files = {each.relative_to(path.parent).as_posix(): digest for each, digest in loaded.read.items()}
        found.origin = LeverOrigin(str(path), class_name, tuple(sorted(files.items())))
        copyreg.pickle(found, _reduce)
    return found


def _run(path: Path, source: bytes) -> _Loaded:
    """Run a lever file; its module stays registered so that annotations resolve."""
    module = ModuleType(f"urbsim_own_lever_{next(_numbers)}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        with _reading(path.parent) as read:
            exec(compile(source, str(path), "exec"), module.__dict__)
    except BaseException as error:
        del sys.modules[module.__name__]
        if not isinstance(error, Exception | SystemExit):
            raise
        raise LeverFileError(f"{_place(error, path)}: {type(error).__name__}: {printable(str(error))}") from error
    return _Loaded(module, {each: _hash(each) for each in sorted({path, *read})})


def _place(error: BaseException, path: Path) -> str:
    name = printable(path.name)
    if isinstance(error, SyntaxError) and error.lineno and error.filename == str(path):
        return f"{name}:{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{name}:{lines[-1]}" if lines else name


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(read_regular(path, MOST_BYTES_OF_DATA)).hexdigest()
    except FileRefusedError:
        return ""


_opened: list[object] | None = None
_listening = False


@contextmanager
def _reading(folder: Path) -> Iterator[set[Path]]:
    """Let code import modules of a folder, and collect the files of the folder that are read meanwhile.

    Modules of the folder are forgotten afterwards: another scenario's may have the same names, and these may change.
    """
    global _opened
    _listen()
    read: set[Path] = set()
    before, writes = set(sys.modules), sys.dont_write_bytecode
    outer, _opened = _opened, []
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        yield read
    finally:
        opened, _opened = _opened, outer
        sys.dont_write_bytecode = writes
        with suppress(ValueError):
            sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).resolve().is_relative_to(folder) and not name.startswith("urbsim_own_lever_"):
                opened.append(file)
                del sys.modules[name]
        read.update(_of_folder(opened, folder))


def _of_folder(opened: Iterable[object], folder: Path) -> Iterator[Path]:
    for each in opened:
        try:
            path = Path(each.decode() if isinstance(each, bytes) else str(each)).resolve()
        except (OSError, ValueError, RuntimeError):
            continue
        if path.is_relative_to(folder) and path.is_file() and path.suffix != ".pyc":
            yield path


def _listen() -> None:
    """Ask the interpreter, once, to tell what is opened; a hook cannot be taken away again."""
    global _listening  # noqa: PLW0603 - as above
    if not _listening:
        _listening = True
        sys.addaudithook(_note_opened)


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if _opened is None or event != "open" or isinstance(arguments[0], int):
        return
    _, mode, flags = arguments
    is_written = set("wax+") & set(mode) if isinstance(mode, str) else (flags or 0) & (os.O_WRONLY | os.O_RDWR)
    if not is_written:
        _opened.append(arguments[0])


def problems_of(lever: type[Policy]) -> list[str]:
    """Return what a lever's class lacks, in words."""
    problems = []
    name = getattr(lever, "lever", "")
    if not (isinstance(name, str) and name.isidentifier()):
        problems.append(
            bilingual(
                "'lever' must be a name of letters, digits and underscores",
                "“lever”必须是由字母、数字和下划线组成的名称",
            )
        )
    elif all_levers().get(name, lever) is not lever:
        problems.append(
            bilingual(f"'lever' is '{name}', the name of a built-in lever", f"“lever”是“{name}”，与内置政策工具重名")
        )
    for text in _TEXTS:
        label = getattr(lever, text, None)
        if not (isinstance(label, Label) and _is_shown(label.en) and _is_shown(label.zh)):
            problems.append(
                bilingual(
                    f"'{text}' must be a Label with English and Chinese text", f"“{text}”必须是 Label，含英文和中文"
                )
            )
    evidence = getattr(lever, "evidence", None)
    if not (isinstance(evidence, str | Label) and str(evidence).strip()):
        problems.append(
            bilingual(
                "'evidence' must name a source or say that it is an assumption",
                "“evidence”必须写明来源，或说明是假设（assumption）",
            )
        )
    missing = [
        bilingual(f"method '{method}' is missing", f"缺少方法“{method}”")
        for method in sorted(lever.__abstractmethods__)
    ]
    return problems + _quantity_problems(getattr(lever, "quantities", ())) + missing


def _is_shown(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _quantity_problems(quantities: object) -> list[str]:
    if not isinstance(quantities, tuple) or not quantities:
        return [
            bilingual(
                "'quantities' must be a tuple of the names of the quantities it changes",
                "“quantities”必须是元组，列出它改变的各个量的名称",
            )
        ]
    return [
        bilingual(
            f"there is no quantity {quoted(str(name))}{did_you_mean(str(name), DECLARATIONS, ', ')}",
            f"没有这个量：{quoted(str(name))}{did_you_mean(str(name), DECLARATIONS, '；')}",
        )
        for name in quantities
        if name not in DECLARATIONS
    ]


def _reduce(policy: Policy) -> tuple[Callable[..., Policy], tuple[LeverOrigin, str]]:
    """Pickle a policy by its lever's files and its fields, so that a worker process reads the files again."""
    assert policy.origin is not None
    return _revive, (policy.origin, policy.model_dump_json(exclude_unset=True))


def _revive(origin: LeverOrigin, fields: str) -> Policy:
    path = IN_PLACE.get(origin, Path(origin.path))
    lever = _class_of(path, _source(path, path.name, origin.class_name), origin.class_name)
    if lever.origin is None or lever.origin.files != origin.files:
        raise LeverFileError(
            bilingual(
                f"{quoted(path.name)} or a file it reads was changed after the scenario was read",
                f"{quoted(path.name)}或它读取的文件在情景读入之后被改动",
            )
        )
    lever.origin = origin
    return lever.model_validate_json(fields, strict=True)
