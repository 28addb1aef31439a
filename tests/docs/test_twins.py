"""Every page with a Chinese twin says the same in it: chapters, commands, code, tables and links."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "first-steps.ipynb"
#: Pages that have to be in Chinese too.
WANTED = (
    *("README.md", "docs/tutorial.md", "docs/scenario-file.md", "docs/levers.md", "docs/own-lever.md"),
    *("docs/own-data.md", "docs/groups.md", "docs/api.md", "docs/credibility.md"),
)
#: Pages whose twins say the same in an order of their own.
ALSO = tuple(f"docs/{name}.md" for name in ("cluster", "decisions", "page", "policies", "teaching"))
CHINESE = re.compile("[\u4e00-\u9fff]")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)")
#: Chapters that only the Chinese page has: what there is in Chinese.
OF_THE_TWIN = {"README.md": 1}


def twin(page: Path) -> Path:
    return page.with_name(f"{page.stem}.zh.md")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_blocks(page: Path) -> str:
    return BLOCK.sub("", text(page))


@pytest.fixture(params=WANTED)
def page(request: pytest.FixtureRequest) -> Path:
    return ROOT / request.param


@pytest.mark.parametrize("name", [*WANTED, *ALSO])
def test_the_page_has_a_twin_in_chinese_that_leads_back(name: str) -> None:
    page = ROOT / name
    words = without_blocks(twin(page))
    assert len(CHINESE.findall(words)) > 200
    assert f"]({page.name})" in words


def test_the_chapters_are_the_same(page: Path) -> None:
    levels = [
        [len(marks) for marks in re.findall(r"^(#+) ", without_blocks(each), re.M)] for each in (page, twin(page))
    ]
    more = OF_THE_TWIN.get(page.name, 0)
    assert len(levels[1]) == len(levels[0]) + more
    assert more or levels[0] == levels[1]


def _as_written(kind: str, block: str) -> str:
    """Return what has to be the same in both: all of a program, the commands and keys of anything else."""
    if kind == "python":
        return block
    lines = (line.split("#", 1)[0].rstrip() for line in block.replace(" --lang zh", "").splitlines())
    kept = [re.sub(r"\"[^\"]*[\u4e00-\u9fff][^\"]*\"", '"…"', line) for line in lines if not CHINESE.search(line)]
    return "\n".join(line for line in kept if line)


def test_programs_are_the_same_and_there_are_as_many_examples(page: Path) -> None:
    here, there = (BLOCK.findall(text(each)) for each in (page, twin(page)))
    assert [kind for kind, _ in here] == [kind for kind, _ in there]
    programs = [[_as_written(*block) for block in blocks if block[0] == "python"] for blocks in (here, there)]
    assert programs[0] == programs[1]


def test_tables_have_as_many_rows(page: Path) -> None:
    rows = [
        [line.count("|") for line in without_blocks(each).splitlines() if line.startswith("|")]
        for each in (page, twin(page))
    ]
    assert len(rows[0]) == len(rows[1])


@pytest.mark.parametrize("name", [*WANTED, *ALSO])
def test_tables_of_the_twin_are_in_chinese(name: str) -> None:
    """But for code, titles of papers, and what links lead to."""
    cells = [
        re.sub(r"`[^`]*`|\([^)]*\)|\*[^*]*\*", "", line)
        for line in without_blocks(twin(ROOT / name)).splitlines()
        if line.startswith("|")
    ]
    assert [cell for cell in cells if re.search("[a-z]{3,} [a-z]{3,}", cell)] == []


def test_links_lead_to_the_same_pages_in_chinese_where_there_are_some(page: Path) -> None:
    """Every page that the English one names is named by its twin, which leads to twins."""
    goals = [
        {target.replace(".zh.md", ".md") for target in LINK.findall(text(each)) if not target.startswith("http")}
        for each in (page, twin(page))
    ]
    assert goals[0] - {page.name} <= goals[1] | {twin(page).name}
    named = LINK.findall(text(twin(page)))
    in_english = [name for name in named if name.endswith(".md") and twin(page.parent / name).is_file()]
    assert [name for name in in_english if f"{name.removesuffix('.md')}.zh.md" not in named and name != page.name] == []


def test_the_tutorial_shows_mistakes_as_the_program_says_them_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from urbsim.labels import speaking
    from urbsim.reading.problems import ScenarioError
    from urbsim.scenario.loading import load_scenario

    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "lesson").mkdir()
    monkeypatch.chdir(tmp_path)
    for kind, block in BLOCK.findall(text(ROOT / "docs" / "tutorial.zh.md")):
        if kind == "yaml":
            Path(re.match(r"# (\S+)", block)[1]).write_text(block, encoding="utf-8")
    with speaking("zh"), pytest.raises(ScenarioError) as caught:
        load_scenario(Path("lesson/mistakes.yaml"))
    printed = next(block for kind, block in BLOCK.findall(text(ROOT / "docs" / "tutorial.zh.md")) if kind == "text")
    assert f"{caught.value}\n" == printed


def test_the_notebook_was_run_and_shows_tables_and_charts() -> None:
    cells = [cell for cell in json.loads(text(NOTEBOOK))["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    outputs = [output for cell in cells for output in cell["outputs"]]
    shown = "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    assert "data:image/svg+xml" in shown
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert NOTEBOOK.stat().st_size < 1_000_000


@pytest.mark.slow
def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nbclient")
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    monkeypatch.delitem(sys.modules, "execute_notebook", raising=False)
    from execute_notebook import executed

    assert executed().cells
