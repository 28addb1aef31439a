"""The named quantities of services and protection of people, and the counts of a month that their levers pay for.

They belong to ``environment``, which gathers all quantities. Bases of levels of provision are set from the registry at
the start of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbsim.codes import COUNTY_ZONES, Group
from urbsim.labels import Label

if TYPE_CHECKING:
    from urbsim.quantities.environment import Axis, Quantity, Rule

#: Unit, axes, rule of combination and base of every quantity; the base broadcasts over the last axes.
SERVICE_DECLARATIONS: dict[str, tuple[Label, tuple[Axis, ...], Rule, float | tuple[float, ...]]] = {
    "service_entitlement": (
        Label(
            "share of public services open to residents without local registration", "非本地户籍居民可享公共服务的比例"
        ),
        ("zone", "group"),
        "highest",
        0.0,
    ),
    "service_quality": (
        Label("quality of everyday public services relative to the seat", "基本公共服务质量与县城之比"),
        ("zone",),
        "highest",
        (0.6, 0.8, 1.0),
    ),
    "school_standard": (
        Label("quality of schools that a zone is brought up to", "学校质量应达到的水平"),
        ("zone", "stage"),
        "highest",
        0.0,
    ),
    "childcare_places": (
        Label("childcare places per 1,000 residents", "每千常住人口托位数"),
        ("zone",),
        "highest",
        1.8,
    ),
    "eldercare_places": (Label("elder-care beds a year", "张养老床位/年"), ("zone",), "add", 0.0),
    "eldercare_space": (
        Label("m2 of community elder care per 100 households", "每百户社区养老服务用房面积（平方米）"),
        ("zone",),
        "highest",
        5.0,
    ),
    "hospital_beds": (Label("hospital beds a year", "张医疗床位/年"), (), "add", 0.0),
    "beds_per_thousand": (Label("hospital beds per 1,000 residents", "每千常住人口医疗床位数"), (), "highest", 5.0),
    "doctors_per_thousand": (
        Label("doctors per 1,000 residents", "每千常住人口执业（助理）医师数"),
        (),
        "highest",
        2.9,
    ),
    "nurses_per_thousand": (Label("nurses per 1,000 residents", "每千常住人口注册护士数"), (), "highest", 3.34),
    "insured_share": (
        Label("share of the uninsured who are enrolled", "未参保人口中由政策覆盖的比例"),
        (),
        "highest",
        0.0,
    ),
    "insurance_portability": (
        Label("share of the reimbursement gap closed", "异地报销差距的弥合比例"),
        (),
        "highest",
        0.0,
    ),
    "pension": (Label("yuan per person and month", "元/人·月"), ("zone",), "add", 0.0),
    "wage_arrears": (
        Label("chance that a year's wages are held back in part", "年内被拖欠工资的概率"),
        ("zone",),
        "lowest",
        0.0084,
    ),
    "land_exit_payment": (Label("yuan per household", "元/户"), (), "highest", 0.0),
    "land_exit_access": (
        Label("share of households that may give up land for the payment", "可自愿有偿退出的农户比例"),
        (),
        "highest",
        0.0,
    ),
    "return_grant": (Label("yuan per returnee", "元/返乡人员"), ("zone",), "highest", 0.0),
    "returnee_posts": (Label("posts founded per 1,000 returnees", "每千名返乡人员创造的岗位"), ("zone",), "add", 0.0),
    "resettled_households": (
        Label("households a year moved to the zone", "户/年（迁入该区域）"),
        ("zone",),
        "add",
        0.0,
    ),
    "resettlement_eligible": (
        Label("share of village households that may take part", "可参加搬迁的乡村家庭比例"),
        (),
        "highest",
        0.0,
    ),
    "resettlement_work": (
        Label("share of resettled workers given a post", "搬迁劳动力获得岗位的比例"),
        ("zone",),
        "highest",
        0.0,
    ),
}


class ServiceQuantities:
    """The quantities declared here, as attributes of the environment."""

    service_entitlement: Quantity
    service_quality: Quantity
    school_standard: Quantity
    childcare_places: Quantity
    eldercare_places: Quantity
    eldercare_space: Quantity
    hospital_beds: Quantity
    beds_per_thousand: Quantity
    doctors_per_thousand: Quantity
    nurses_per_thousand: Quantity
    insured_share: Quantity
    insurance_portability: Quantity
    pension: Quantity
    wage_arrears: Quantity
    land_exit_payment: Quantity
    land_exit_access: Quantity
    return_grant: Quantity
    returnee_posts: Quantity
    resettled_households: Quantity
    resettlement_eligible: Quantity
    resettlement_work: Quantity


class ServiceActivity:
    """What happened this month that levers on people and services pay for, in real persons and households."""

    def __init__(self, counties: int) -> None:
        super().__init__(counties)  # type: ignore[call-arg]
        zones, groups = len(COUNTY_ZONES), len(Group)
        #: Stock: residents by registration group.
        self.residents = np.zeros((counties, zones, groups))
        #: Stock: residents of 60 and over who are registered in the county.
        self.pensioners = np.zeros((counties, zones))
        #: Stock: people registered in the county whose insurance premium a programme pays.
        self.insured_by_programme = np.zeros(counties)
        #: Stock: people registered in the county who live outside it.
        self.absent = np.zeros(counties)
        #: Stock: residents who seek a post.
        self.job_seekers = np.zeros((counties, zones))
        #: Stock: childcare places that programmes run beyond ordinary provision.
        self.childcare_places = np.zeros((counties, zones))
        #: Flow: those of them that were equipped this month, beyond the most there ever were.
        self.childcare_equipped = np.zeros((counties, zones))
        #: Flow: m2 of community elder care built by programmes.
        self.eldercare_space_built = np.zeros((counties, zones))
        #: Flow: hospital beds built up to a standard; stock: staff that programmes pay beyond ordinary staffing.
        self.beds_built = np.zeros(counties)
        self.doctors_added = np.zeros(counties)
        self.nurses_added = np.zeros(counties)
        #: Flow: households that gave up their land for a payment.
        self.land_exits = np.zeros(counties)
        #: Flow: adults registered in the county who came back to it from outside.
        self.returnees = np.zeros((counties, zones))
        #: Flow: households resettled to the zone, and workers among them who were given a post.
        self.resettled = np.zeros((counties, zones))
        self.resettled_workers = np.zeros((counties, zones))
