"""Finding levers: the built-in ones by name, a user's own by file and class."""

from __future__ import annotations

import hashlib
import inspect
import sys
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from urbsim.labels import Label
from urbsim.policies.base import LeverOrigin, Policy
from urbsim.policies.levers.care import ChildcareSupply, EldercareSupply
from urbsim.policies.levers.construction import ConstructionLandQuota, UrbanRenewal
from urbsim.policies.levers.employment import IndustrialParks, SkillsTraining
from urbsim.policies.levers.finance import CitizenisationTransfer, DevelopmentFinance
from urbsim.policies.levers.health import HealthCapacity
from urbsim.policies.levers.housing import AffordableHousing, HousingSubsidy
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.policies.levers.labour import JobMatching, LabourProtection
from urbsim.policies.levers.land import LandExitCompensation, LandRightsSecurity
from urbsim.policies.levers.migration import Resettlement, ReturnTalent
from urbsim.policies.levers.networks import DigitalServices, GreenEnvironment, RuralHabitat, UtilitiesResilience
from urbsim.policies.levers.posts import IndustryClusters, IndustryRelocation
from urbsim.policies.levers.productivity import AgriUpgrading, InnovationProductivity
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.policies.levers.schooling import MigrantChildSchooling, SchoolCapacity
from urbsim.policies.levers.services import ResidenceBasedServices, RuralServiceEqualisation
from urbsim.policies.levers.transport import LocalTransport, MetroIntegration
from urbsim.policies.levers.visitors import CommerceLogistics, TourismCulture
from urbsim.quantities.environment import DECLARATIONS

_BUILT_IN: tuple[type[Policy], ...] = (
    HukouRelaxation,
    HousingSubsidy,
    MigrantChildSchooling,
    SchoolCapacity,
    AffordableHousing,
    IndustrialParks,
    SkillsTraining,
    LandRightsSecurity,
    CitizenisationTransfer,
    ResidenceBasedServices,
    RuralServiceEqualisation,
    ChildcareSupply,
    EldercareSupply,
    HealthCapacity,
    SocialInsurance,
    JobMatching,
    LabourProtection,
    LandExitCompensation,
    ReturnTalent,
    Resettlement,
    IndustryClusters,
    IndustryRelocation,
    InnovationProductivity,
    TourismCulture,
    CommerceLogistics,
    AgriUpgrading,
    UrbanRenewal,
    LocalTransport,
    MetroIntegration,
    UtilitiesResilience,
    RuralHabitat,
    GreenEnvironment,
    DigitalServices,
    ConstructionLandQuota,
    DevelopmentFinance,
)
_TEXTS = ("title", "explanation")


class _LeverError(ValueError):
    """A lever that cannot be used; ``suggestions`` are names that may have been meant."""

    def __init__(self, message: str, suggestions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class UnknownLeverError(_LeverError):
    """No built-in lever has this name."""


class LeverFileError(_LeverError):
    """A lever of the user's own that cannot be read from its file."""


@cache
def all_levers() -> dict[str, type[Policy]]:
    """Return the built-in levers by name."""
    return {cls.lever: cls for cls in _BUILT_IN}


def lever_class(spec: str, folder: Path) -> type[Policy]:
    """Return the class of a lever as named in a scenario file.

    Parameters
    ----------
    spec
        Name of a built-in lever, or ``file.py:ClassName``.
    folder
        Folder of the scenario file, from which the path of a lever file is read.

    Raises
    ------
    UnknownLeverError
        If there is no built-in lever of this name.
    LeverFileError
        If the file or class is missing, cannot be imported, or is not a complete lever.
    """
    file, colon, class_name = spec.rpartition(":")
    if not colon and not spec.endswith(".py"):
        if spec not in all_levers():
            raise UnknownLeverError(f"there is no lever '{spec}'", _close_to(spec, all_levers()))
        return all_levers()[spec]
    if not file.endswith(".py") or not class_name:
        raise LeverFileError(f"'{spec}' does not name a lever; write file.py:ClassName")
    return lever_from_file(LeverOrigin(str((folder / file).resolve()), class_name))


def lever_from_file(origin: LeverOrigin) -> type[Policy]:
    """Return the class of a lever of the user's own; the same file gives the same class as long as it is unchanged.

    Raises
    ------
    LeverFileError
        If the file or class is missing, cannot be imported, or is not a complete lever.
    """
    path = Path(origin.path)
    try:
        source = path.read_bytes()
    except OSError as error:
        neighbours = [f"{file.name}:{origin.class_name}" for file in sorted(path.parent.glob("*.py"))]
        reason = error.strerror or type(error).__name__
        raise LeverFileError(
            f"cannot read lever file '{path.name}': {reason}", _close_to(origin.spec, neighbours)
        ) from None
    module = _module(path, source)
    found = getattr(module, origin.class_name, None)
    if found is None:
        offered = [
            name for name, item in vars(module).items() if _is_policy(item) and item.__module__ == module.__name__
        ]
        message = f"'{path.name}' has no class '{origin.class_name}'; it has {', '.join(offered) or 'no lever'}"
        raise LeverFileError(message, (f"{path.name}:{name}" for name in _close_to(origin.class_name, offered)))
    if not _is_policy(found):
        raise LeverFileError(f"'{origin.class_name}' in '{path.name}' is not a subclass of urbsim.policies.base.Policy")
    problems = _problems(found)
    if problems:
        raise LeverFileError(f"lever '{origin.class_name}' in '{path.name}' is incomplete: {'; '.join(problems)}")
    if "origin" not in vars(found):
        found.origin = origin
    return found


def _module(path: Path, source: bytes) -> ModuleType:
    """Run a lever file once per content; the module is registered so that annotations resolve."""
    digest = hashlib.sha256(str(path).encode() + b"\0" + source).hexdigest()[:16]
    name = f"urbsim_own_lever_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise LeverFileError(f"{_place(error, path)}: {type(error).__name__}: {error}") from error
    return module


def _place(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{path.name}:{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path.name}:{lines[-1]}" if lines else path.name


def _is_policy(item: object) -> TypeGuard[type[Policy]]:
    return isinstance(item, type) and issubclass(item, Policy) and item is not Policy


def _problems(cls: type[Policy]) -> list[str]:
    """Return what a lever class lacks, in words."""
    problems = []
    name = getattr(cls, "lever", "")
    if not (isinstance(name, str) and name.isidentifier()):
        problems.append("'lever' must be a name of letters, digits and underscores")
    elif name in all_levers():
        problems.append(f"'lever' is '{name}', the name of a built-in lever")
    for text in _TEXTS:
        label = getattr(cls, text, None)
        if not (isinstance(label, Label) and label.en.strip() and label.zh.strip()):
            problems.append(f"'{text}' must be a Label with English and Chinese text")
    evidence = getattr(cls, "evidence", None)
    if not (isinstance(evidence, str) and evidence.strip()):
        problems.append("'evidence' must name a source or say that it is an assumption")
    return problems + _quantity_problems(getattr(cls, "quantities", ())) + _missing_methods(cls)


def _quantity_problems(quantities: object) -> list[str]:
    if not isinstance(quantities, tuple) or not quantities:
        return ["'quantities' must be a tuple of the names of the quantities it changes"]
    problems = []
    for name in quantities:
        if name not in DECLARATIONS:
            near = _close_to(str(name), DECLARATIONS)
            problems.append(f"there is no quantity '{name}'" + (f", did you mean '{near[0]}'?" if near else ""))
    return problems


def _missing_methods(cls: type[Policy]) -> list[str]:
    missing = sorted(cls.__abstractmethods__) if inspect.isabstract(cls) else []
    return [f"method '{name}' is missing" for name in missing]


def _close_to(text: str, choices: Iterable[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    return [
        choice for choice, _, _ in process.extract(text, list(choices), scorer=fuzz.WRatio, limit=3, score_cutoff=70)
    ]
