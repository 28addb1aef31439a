"""Everything that the author of a lever needs, in one import; docs/own-lever.md shows how.

>>> from urbsim.levers import Field, Label, Number, Policy, texts
"""

from pydantic import Field, model_validator

from urbsim import units
from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, Dwelling, Group, Network, Origin, Sector, Stage, Zone
from urbsim.labels import Label
from urbsim.months import format_month, parse_month
from urbsim.policies.base import (
    Count,
    GroupName,
    Groups,
    Month,
    Number,
    Payer,
    Policy,
    Switch,
    ZoneName,
    Zones,
    in_order,
    texts,
)
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import DECLARATIONS, Environment
from urbsim.quantities.quantity import Coverage, stage_index

__all__ = [
    "COUNTY_ZONES",
    "DECLARATIONS",
    "Activity",
    "Count",
    "Coverage",
    "Dwelling",
    "Environment",
    "Field",
    "Floats",
    "Group",
    "GroupName",
    "Groups",
    "Label",
    "Month",
    "Network",
    "Number",
    "Origin",
    "Payer",
    "Policy",
    "Sector",
    "Stage",
    "Switch",
    "Zone",
    "ZoneName",
    "Zones",
    "format_month",
    "in_order",
    "model_validator",
    "parse_month",
    "stage_index",
    "texts",
    "units",
]
