"""The keys of a scenario file."""

from __future__ import annotations

from collections.abc import Mapping

#: Keys of the file and what they mean; ``extends`` is resolved before the others are read.
KEYS: Mapping[str, str] = {
    "name": "name of the scenario in tables and charts; text, or {en: text, zh: text}",
    "description": "what the scenario stands for; text, or {en: text, zh: text}",
    "extends": "scenario file to start from, relative to this one; only what differs is then written here",
    "region": "county, prefecture or province simulated, by code or unique name, or a list of them",
    "start": "first month of the output; the run begins at the last census at or before it, 2010-11 or 2020-11",
    "until": "last month simulated, YYYY-MM, from the start to 2050-12",
    "scale": "share of households simulated, 0.0001 to 1; every count is weighted back",
    "parameters": "registered parameters that differ from the registry: a number, or numbers by month",
    "county_types": "types of county by a name of your choice, each with its counties; policies may name them",
    "policies": "dated policies by a name of your choice",
    "targets": "a programme's targets by indicator: numbers by month, how they are compared, and their source",
    "observe": "results by group in tables and report, by a name of your choice: what, of whom, by what",
    "feedbacks": "feedbacks of the model, on or off",
    "county_data": "a county's own figures at the start: a csv or xlsx file, or figures by county",
    "observed": "what was observed, or targets taken to hold: a csv or xlsx file, or a list; shown and fitted to",
    "posterior": "folder written by 'urbsim calibrate' from observations, in place of the posterior of all scenarios",
    "calibrated": "off runs without the posterior: the registry's values, no constants of counties (for teaching)",
}
