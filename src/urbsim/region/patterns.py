"""National patterns that seed the synthesis: only their odds matter, the county's margins set the levels.

Age groups are those of the county volumes: 0, 1-4, 5-9, ..., 80-84, 85 and over. Patterns marked "census" are computed
from the county volumes of the 2010 and 2020 censuses; patterns marked "assumption" are rounded shapes that follow the
published long tables loosely and matter only through the odds that fitting to the margins leaves untouched.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats

AGE_GROUPS = ("0", "1_4", *(f"{low}_{low + 4}" for low in range(5, 85, 5)), "85_plus")
#: First month of age of each group, and the end of the last one: nobody is made older than 105.
AGE_EDGES = np.array([0, 1, *range(5, 90, 5), 105]) * 12
SEXES = ("male", "female")
CENSUS_YEARS = (2010, 2020)

#: Residents per 1,000 by age group (rows) and sex (male, female); census, all provinces in 2010, 23 of 31 in 2020.
PYRAMID: dict[int, Floats] = {
    2010: np.array(
        [
            [5.6, 4.75], [25.21, 21.12], [28.86, 24.32], [30.21, 25.99], [38.94, 36.0], [48.03, 47.57], [38.14, 37.65],
            [37.16, 35.73], [45.31, 43.24], [47.73, 45.88], [40.35, 38.88], [30.28, 28.8], [30.82, 30.18],
            [22.38, 21.63], [15.57, 15.28], [12.31, 12.43], [8.46, 9.43], [4.44, 5.59], [2.14, 3.57],
        ]
    ),
    2020: np.array(
        [
            [4.55, 4.1], [25.01, 22.54], [34.15, 29.96], [32.04, 27.74], [27.37, 23.45], [29.04, 25.67], [35.62, 32.13],
            [46.42, 43.61], [36.72, 34.5], [34.08, 32.33], [41.18, 39.59], [43.13, 42.41], [35.6, 35.5],
            [25.37, 25.24], [24.95, 25.95], [16.47, 17.42], [10.11, 11.39], [6.23, 7.72], [4.17, 6.55],
        ]
    ),
}  # fmt: skip

#: Odds of living in village, town, seat by age group: urban zones hold more young adults and pupils of senior schools,
#: villages more children and old people. Assumption.
ZONE_ODDS_BY_AGE: Floats = np.array(
    [
        [1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.05, 1.05], [1.0, 1.1, 1.1], [0.8, 1.2, 1.6], [0.9, 1.1, 1.4],
        [0.8, 1.1, 1.5], [0.8, 1.1, 1.5], [0.8, 1.1, 1.4], [0.9, 1.1, 1.2], [1.0, 1.0, 1.0], [1.1, 1.0, 0.9],
        [1.2, 0.9, 0.8], [1.3, 0.9, 0.7], [1.3, 0.9, 0.7], [1.3, 0.9, 0.7], [1.3, 0.9, 0.7], [1.3, 0.9, 0.7],
        [1.3, 0.9, 0.7],
    ]
)  # fmt: skip
#: Odds of zone (rows) by level of education attended (none, primary, junior, senior, college). Assumption.
ZONE_ODDS_BY_LEVEL: Floats = np.array([[1.3, 1.2, 1.0, 0.5, 0.2], [0.9, 1.0, 1.0, 1.2, 1.0], [0.7, 0.8, 0.9, 1.6, 2.5]])

#: Odds of each level attended or attained by age group in 2010. Assumption after the 2010 census; at 15-19 senior
#: school is given more than its share, because fitting to a county of low schooling lowers it at every age alike.
_LEVEL_2010: Floats = np.array(
    [
        [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0.45, 0.55, 0, 0, 0], [0.01, 0.57, 0.42, 0, 0],
        [0.003, 0.02, 0.2, 0.65, 0.127], [0.005, 0.06, 0.5, 0.21, 0.225], [0.008, 0.08, 0.55, 0.17, 0.192],
        [0.01, 0.12, 0.56, 0.16, 0.15], [0.015, 0.18, 0.56, 0.14, 0.105], [0.02, 0.23, 0.54, 0.13, 0.08],
        [0.03, 0.22, 0.52, 0.17, 0.06], [0.05, 0.35, 0.36, 0.19, 0.05], [0.08, 0.44, 0.33, 0.11, 0.04],
        [0.14, 0.52, 0.24, 0.07, 0.03], [0.22, 0.52, 0.17, 0.06, 0.03], [0.3, 0.48, 0.14, 0.05, 0.03],
        [0.4, 0.43, 0.11, 0.04, 0.02], [0.5, 0.37, 0.08, 0.03, 0.02], [0.62, 0.29, 0.06, 0.02, 0.01],
    ]
)  # fmt: skip
_YOUNG_2020: Floats = np.array(
    [
        [0.002, 0.003, 0.06, 0.8, 0.135], [0.003, 0.02, 0.27, 0.22, 0.487], [0.004, 0.03, 0.37, 0.2, 0.396],
        [0.005, 0.04, 0.44, 0.19, 0.325],
    ]
)  # fmt: skip
#: Ten years later every cohort is two groups older; only those then under 35 are new.
LEVEL_BY_AGE: dict[int, Floats] = {
    2010: _LEVEL_2010,
    2020: np.vstack([_LEVEL_2010[:4], _YOUNG_2020, _LEVEL_2010[6:17]]),
}

#: Share married by age group and sex (male, female). Assumption after the long tables of the two censuses.
MARRIED: dict[int, Floats] = {
    2010: np.array(
        [
            [0, 0], [0, 0], [0, 0], [0, 0], [0.006, 0.02], [0.17, 0.32], [0.63, 0.77], [0.87, 0.94], [0.92, 0.96],
            [0.94, 0.96], [0.94, 0.95], [0.935, 0.93], [0.925, 0.9], [0.9, 0.86], [0.86, 0.78], [0.8, 0.66],
            [0.72, 0.52], [0.61, 0.35], [0.45, 0.17],
        ]
    ),
    2020: np.array(
        [
            [0, 0], [0, 0], [0, 0], [0, 0], [0.005, 0.015], [0.11, 0.21], [0.47, 0.64], [0.78, 0.88], [0.87, 0.93],
            [0.9, 0.93], [0.91, 0.93], [0.92, 0.92], [0.92, 0.89], [0.91, 0.85], [0.88, 0.78], [0.84, 0.68],
            [0.77, 0.56], [0.66, 0.39], [0.5, 0.2],
        ]
    ),
}  # fmt: skip

#: Odds of having left by age group and sex, beside the smoothing of the pyramid: Rogers-Castro form, peak at 20-29.
LEAVING_BY_AGE: Floats = np.array(
    [
        [0, 0], [0, 0], [0, 0], [0, 0], [0.6, 0.6], [1.0, 0.9], [1.0, 0.8], [0.9, 0.65], [0.8, 0.55], [0.65, 0.45],
        [0.5, 0.3], [0.35, 0.2], [0.22, 0.1], [0.08, 0.04], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0],
    ]
)  # fmt: skip
#: Odds of a home zone per resident of the zone: people leave villages most, the seat least. Assumption.
LEAVING_BY_ZONE: Floats = np.array([1.0, 0.4, 0.25])
#: Relative age pattern of children who are away with their parents. Assumption: school age brings some back.
ACCOMPANYING_BY_AGE: Floats = np.array([1.0, 1.0, 0.8, 0.6])

#: Odds of being registered elsewhere by the mean age of a household's adults, per group of 10 years from 15.
MIGRANT_ODDS_BY_AGE: Floats = np.array([0.8, 1.0, 0.8, 0.5, 0.3, 0.2, 0.15, 0.1])
#: Odds of holding a migrant household by zone: registered in the same county, and in another one. Assumption.
MIGRANT_ODDS_BY_ZONE: Floats = np.array([[0.05, 0.6, 1.0], [0.2, 0.6, 1.0]])
#: Odds of a registration in town or seat by home zone: of in-migrants from the same county, who are registered in
#: another township than they live in, and of households with nobody at home. Assumption: few bought and registered.
URBAN_PLACE_ODDS: Floats = np.array([[0.02, 0.1, 0.3], [0.05, 1.0, 1.0]])
#: Odds of urban status by registered zone. Assumption.
URBAN_REGISTRATION_ODDS: Floats = np.array([0.03, 0.5, 1.0])

#: Chance of working by age group and sex for those not in education. Assumption after the 2010 census.
EMPLOYED: Floats = np.array(
    [
        [0, 0], [0, 0], [0, 0], [0, 0], [0.6, 0.5], [0.85, 0.72], [0.94, 0.78], [0.95, 0.8], [0.95, 0.82], [0.95, 0.82],
        [0.93, 0.78], [0.87, 0.62], [0.8, 0.52], [0.62, 0.42], [0.46, 0.3], [0.28, 0.17], [0.16, 0.08], [0.08, 0.04],
        [0.03, 0.01],
    ]
)  # fmt: skip
#: Odds of working by zone: old villagers farm on. Assumption.
EMPLOYED_ODDS_BY_ZONE: Floats = np.array([1.4, 0.9, 0.8])
#: Odds of farm, industry, services by zone. Assumption.
SECTOR_ODDS_BY_ZONE: Floats = np.array([[1.0, 0.35, 0.35], [0.15, 0.5, 0.8], [0.04, 0.5, 1.0]])
#: Odds of farm, industry, services by schooling completed. Assumption.
SECTOR_ODDS_BY_LEVEL: Floats = np.array(
    [[1.6, 0.5, 0.4], [1.4, 0.8, 0.6], [1.0, 1.0, 0.9], [0.5, 0.9, 1.4], [0.1, 0.5, 2.0]]
)
#: Odds of farm work by age group, others 1. Assumption: the young have left farming.
FARM_ODDS_BY_AGE: Floats = np.array(
    [0, 0, 0, 0, 0.4, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.6, 2.2, 3.5, 5.0, 6.0, 7.0, 8.0, 8.0]
)

#: Chance that a person's mother is alive, by the person's age in steps of 10 years from 0. Assumption: life table 2010.
MOTHER_ALIVE: Floats = np.array([1.0, 0.99, 0.97, 0.93, 0.84, 0.62, 0.3, 0.08, 0.0, 0.0, 0.0])
#: Share of women who want 0, 1, 2, 3 minor children to be placed with them. Assumption.
CHILDREN_WANTED: Floats = np.array([0.07, 0.45, 0.38, 0.1])

#: Shares used where a county's own figure is missing; census, national.
NATIONAL_LEVELS: dict[int, Floats] = {  # of all residents: primary, junior, senior, college; male then female
    2010: np.array([[0.2466, 0.4089, 0.1524, 0.0944], [0.2904, 0.3676, 0.127, 0.0829]]),
    2020: np.array([[0.2206, 0.3594, 0.1643, 0.1624], [0.2611, 0.3184, 0.1399, 0.1596]]),
}
NATIONAL_MARRIED: dict[int, Floats] = {2010: np.array([0.7037, 0.7231]), 2020: np.array([0.7185, 0.7349])}
#: Household residents per resident; persons per household; one-person share; shares by generations one to four.
NATIONAL_HOUSEHOLDS: dict[int, Floats] = {
    2010: np.array([0.9303, 3.085, 0.1453, 0.3418, 0.4783, 0.1731, 0.0069]),
    2020: np.array([0.9142, 2.628, 0.2511, 0.4944, 0.3697, 0.131, 0.0049]),
}
NATIONAL_SECTORS: dict[int, Floats] = {2010: np.array([0.45, 0.25, 0.3]), 2020: np.array([0.2, 0.28, 0.52])}
NATIONAL_EMPLOYED: dict[int, float] = {2010: 0.6892, 2020: 0.574}
