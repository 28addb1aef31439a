"""What a person has in hand while the page draws itself anew: words half written, controls half pressed."""

from __future__ import annotations

from typing import Any

from serving import Server
from steps import PARK, add_policy, begin, complete, open_tab, planned

#: Draws the tab at hand anew, as when a draw arrives.
REDRAW = "() => import('/static/js/state.js').then(({ look }) => look({}))"

#: Puts an amount out of its bounds, 1,000,000, without a hand on the form, as another tab's link does.
MISTAKE = """(name) => import('/static/js/state.js').then(({ change }) =>
    change((state) => { state.scenarios[0].policies[name].posts_per_year = 2_000_000; }))"""


def test_results_leave_alone_what_is_being_written(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    planned(page, "en", "sweep")
    page.locator("#sweep-vary-0-high").fill("3000")
    page.evaluate(REDRAW)
    page.wait_for_timeout(300)
    page.keyboard.press("Tab")
    assert page.locator("#sweep-vary-0-high").input_value() == "3000"
    assert "=0:3000" in _link(page)


def test_whoever_goes_from_field_to_field_arrives(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    planned(page, "en", "charts")
    posts, cost = (f"#field-{PARK}-{name}" for name in ("posts_per_year", "yuan_per_post"))
    page.locator(posts).fill("4000")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert _focused(page) == cost[1:]
    page.keyboard.type("50000")  # it was selected whole
    page.keyboard.press("Shift+Tab")
    page.wait_for_timeout(300)
    assert _focused(page) == posts[1:]
    page.locator(f"#field-{PARK}-start").focus()
    page.keyboard.type("03")  # it is a whole date already, and the year is still to come
    page.keyboard.press("Tab")
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    page.keyboard.type("2022", delay=150)
    page.keyboard.press("ArrowUp")  # it is still the year
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert page.locator(f"#field-{PARK}-start").input_value() == "2023-03"
    assert refused == []  # nobody was asked about the year 20
    open_tab(page, "sweep")
    page.locator("#sweep-vary-0-low").fill("10")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert _focused(page) == "sweep-vary-0-high"
    page.evaluate(REDRAW)
    page.wait_for_timeout(300)
    page.keyboard.type("3000")
    page.keyboard.press("Tab")
    assert page.locator(cost).input_value() == "50000"
    assert page.locator("#sweep-vary-0-high").input_value() == "3000"
    page.locator(posts).fill("4500")
    page.locator("#add-policy").click()  # straight from a field that has changed
    page.locator("#find-policy").wait_for()
    assert page.locator(posts).input_value() == "4500"


def test_a_tab_is_drawn_while_the_focus_is_on_its_way(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    page.evaluate("() => import('/static/js/state.js').then(({ look }) => look({ tab: 'table' }))")
    begin(page, until="2021-03", draws=1)
    complete(page)
    page.evaluate(
        """() => import('/static/js/state.js').then(({ look }) => {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }));
            look({ tab: 'charts', indicator: 'residents' });
        })"""
    )
    page.locator("#result svg").first.wait_for()
    assert page.locator("#indicator").input_value() == "residents"


def test_the_focus_is_not_lost_with_what_goes(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    planned(page, "en", "sweep")
    _press(page, "sweep-indicators-0-remove")
    assert _focused(page) == "sweep-indicators-add"
    _press(page, "undo")
    for _ in range(20):
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
    assert page.locator("#undo").get_attribute("aria-disabled") == "true"  # there is nothing left to undo
    assert _focused(page) == "undo"
    _press(page, "room-lessons")
    page.locator("#lesson-1-harris-todaro").wait_for()
    _press(page, "lesson-1-harris-todaro")
    page.locator("#to-predict").wait_for()
    assert _focused(page) == "lesson-title"
    _press(page, "to-predict")
    assert _focused(page) == "lesson-title"
    _press(page, "all-lessons")
    assert _focused(page) == "lesson-title"


def test_a_choice_that_acts_can_be_looked_through_first(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page, until="2021-03", draws=1)
    page.locator("#add-scenario").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert page.locator("[role=tab].scenario").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#scenario-1").wait_for()


def test_mistakes_come_when_a_field_is_left(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page, until="2021-03", draws=1)
    add_policy(page, PARK, "2021-01")
    page.locator("#scenario-name").fill("Halfway")
    page.evaluate(MISTAKE, PARK)
    page.locator("#error").wait_for()  # the answer of the server: the form is to be marked
    page.wait_for_timeout(300)
    posts = page.locator(f"#field-{PARK}-posts_per_year")
    assert page.locator("#scenario-name").input_value() == "Halfway"
    assert posts.get_attribute("aria-invalid") is None
    page.keyboard.press("Tab")
    page.locator(f"#field-{PARK}-posts_per_year[aria-invalid=true]").wait_for()
    assert page.locator("#scenario-name").input_value() == "Halfway"


def test_a_press_outlasts_what_is_drawn_anew(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page, until="2021-03", draws=1)
    complete(page)
    page.locator("#room-jobs").click()
    button = page.locator("table.jobs button").first
    for press, release in (
        (page.mouse.down, page.mouse.up),
        (lambda: page.keyboard.down(" "), lambda: page.keyboard.up(" ")),
    ):
        page.locator("#room-jobs").click()
        button.focus()
        button.hover()
        press()
        with page.expect_response(lambda answer: answer.url.endswith("/api/jobs")):
            page.wait_for_timeout(300)  # the table is drawn anew every now and then
        page.wait_for_timeout(300)
        release()
        page.locator("#result svg").first.wait_for()


def test_a_word_half_composed_is_left_alone(server: Server, open_page: Any) -> None:
    page = open_page(server.base, language="zh")
    page.locator("#search").focus()
    page.evaluate("() => { window.field = document.activeElement; }")
    browser = page.context.new_cdp_session(page)
    for word in ("j", "jie", "jie shou"):
        browser.send("Input.imeSetComposition", {"text": word, "selectionStart": len(word), "selectionEnd": len(word)})
        page.wait_for_timeout(400)
    assert page.evaluate("() => window.field === document.activeElement && window.field.isConnected")
    browser.send("Input.insertText", {"text": "界首"})
    page.locator("#place-0", has_text="界首").wait_for()
    assert page.locator("#search").input_value() == "界首"


def _press(page: Any, name: str) -> None:
    page.locator(f"#{name}").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)


def _focused(page: Any) -> str:
    found: str = page.evaluate("() => document.activeElement.id")
    return found


def _link(page: Any) -> str:
    """Return what the link of the page holds, as text."""
    page.wait_for_timeout(300)
    found: str = page.evaluate(
        """async () => {
            const packed = location.hash.slice(3).replaceAll('-', '+').replaceAll('_', '/');
            const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
            return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
        }"""
    )
    return found
