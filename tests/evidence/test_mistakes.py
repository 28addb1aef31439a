"""What is said of a list that cannot be used: file, line, row and key, and what the rule implies."""

from __future__ import annotations

import pytest

from urbsim.evidence.reading import FOLDER, EvidenceError, read_responses, read_studies, responses

STUDY = (FOLDER / "studies.yaml").read_text(encoding="utf-8")
RESPONSE = (FOLDER / "responses.yaml").read_text(encoding="utf-8")


def changed(text, *replacements):
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def message_of(tmp_path, *replacements):
    path = tmp_path / "studies.yaml"
    path.write_text(changed(STUDY, *replacements), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_studies(path, responses())
    return str(caught.value)


def response_message(tmp_path, *replacements):
    path = tmp_path / "responses.yaml"
    path.write_text(changed(RESPONSE, *replacements), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_responses(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "error: 1.7\n",
            "error: 1.2\n",
            "row 'hukou_rural_labour': rural_work: error is 1.2; allowed: 1.7, by the rule",
        ),
        ("role: fit", "role: test", "row 'hukou_rural_labour': role is 'test'; allowed: fit, by the rule of the split"),
        ("role: fit", "role: fitt", "row 'hukou_rural_labour': role is the text 'fitt'; allowed: fit, test"),
        (
            "band: [1.2, 13.0]",
            "band: [1.0, 9.0]",
            "daughters_left: band is not what the rule implies; allowed: [1.2, 13]",
        ),
        ("levers: [hukou_relaxation]", "levers: [hukou_relaxations]", "did you mean 'hukou_relaxation'?"),
        ("    design: differences\n", "", "row 'hukou_rural_labour': design is missing"),
        ("    design: differences\n", "    desing: differences\n", "unknown key 'desing'"),
        ("disagrees: [school_closure_stay]", "disagrees: [pension_income]", "is no other study that names this one"),
        ("doi: 10.20069/r4en5d12", "doi: r4en5d12", "must be a DOI such as"),
        ("informs: [residence.hukou, registration", "informs: [residence.huko, registration", "'residence.huko'"),
        ("        estimate: -3.4\n", "", "estimate, error and error_from go together"),
        ("id: hukou_wages\n", "id: hukou_rural_labour\n", "the id stands twice"),
    ],
)
def test_a_mistake_in_a_study_is_named(tmp_path, old, new, said):
    message = message_of(tmp_path, (old, new))
    assert said in message
    assert message.startswith("studies.yaml:")
    assert int(message.split(":")[1]) > 5


def test_an_estimate_outside_its_band_is_refused(tmp_path):
    assert "the estimate lies outside its own band" in message_of(
        tmp_path, ("band: [-5.0, -2.0]", "band: [-3.0, -2.0]")
    )


def test_a_number_without_its_words_is_refused(tmp_path):
    start = STUDY.index('        seen: "After the policy shock')
    line = STUDY[start : STUDY.index("\n", start) + 1]
    assert "needs the words it was printed in" in message_of(tmp_path, (line, ""))


def test_a_study_without_identifier_is_refused(tmp_path):
    identifier = ', doi: 10.20069/r4en5d12, url: "https://search.napstic.cn/literature/periodical/010ddjjkx202401005"'
    assert "needs an identifier: doi or url" in message_of(tmp_path, (identifier, ""))


def test_a_source_of_a_prior_that_also_tests_is_refused(tmp_path):
    (tmp_path / "responses.yaml").write_text(
        changed(RESPONSE, ("studies: [insurance_lock]", "studies: [hukou_wages]")), encoding="utf-8"
    )
    with pytest.raises(
        EvidenceError, match=r"'residence.insurance' rests on 'hukou_wages', which is used as test already"
    ):
        read_studies(_without_lock(tmp_path), read_responses(tmp_path / "responses.yaml"))


def _without_lock(tmp_path):
    start = STUDY.index("  - id: insurance_lock")
    path = tmp_path / "studies.yaml"
    path.write_text(STUDY[:start] + STUDY[STUDY.index("  # pensions") :], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: residence.alpha", "id: residence.alfa", "is not in the registry; allowed: proposed; did you mean"),
        ("range: [1.0, 2.0]", "range: [1.0, 3.0]", "not within those of the registry; allowed: 1 to 2 utility"),
        ("centre: 1.5, width: 0.3", "centre: 2.5, width: 0.3", "centre lies outside the range"),
        ("prior: normal, centre: 1.5, width: 0.3", "prior: normal, centre: 1.5", "centre and width go with"),
        ("proposed, prior: lognormal, centre: 0.8", "registered, prior: lognormal, centre: 0.8",
         "enters, the equation, goes with parameters that are proposed"),
        ("id: residence.delta", "id: residence.alpha", "the response 'residence.alpha' stands twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_prior_is_named(tmp_path, old, new, said):
    assert said in response_message(tmp_path, (old, new))
