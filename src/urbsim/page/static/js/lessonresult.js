// The result of a lesson: charts of what it is about, people moving, and a household.

import { chart, inMillions, lines } from './charts.js';
import { h } from './dom.js';
import { householdTab } from './household.js';
import { indicatorOf } from './indicators.js';
import { both, capital, t } from './language.js';
import { movesTab } from './moves.js';
import { rowsOf } from './overtime.js';

const TABS = ['charts', 'moves', 'household'];

/** Shows results; `changed` draws the lesson anew. */
export class LessonResult {
  constructor(indicators, changed) {
    this.indicators = indicators;
    this.changed = changed;
    this.tab = 'charts';
    this.inner = null;
  }

  /** Return the tabs and what the chosen one shows of a lesson. */
  draw(lesson, results) {
    const body = h('div', { id: 'lesson-result' });
    if (this.tab === 'charts') body.append(...this.figures(lesson, results));
    else {
      this.inner = this.within(lesson, results[0]);
      body.append(this.inner.place);
      queueMicrotask(() => this.inner && this.inner.draw('result'));
    }
    return [this.bar(), body];
  }

  bar() {
    const choose = (name) => () => {
      this.tab = name;
      this.changed();
    };
    const button = (name) => {
      const isChosen = this.tab === name ? 'true' : 'false';
      return h(
        'button',
        { type: 'button', id: `lesson-${name}`, 'aria-pressed': isChosen, onclick: choose(name) },
        t(name),
      );
    };
    return h('div', { class: 'tabs' }, TABS.map(button));
  }

  figures(lesson, results) {
    return results.flatMap((result, position) => {
      const { scenarios, indicators } = lesson.comparisons[position];
      return indicators.map((name) => this.figure(called(result, scenarios), name));
    });
  }

  figure(result, name) {
    const known = indicatorOf(this.indicators(), name),
      title = capital(both(known.label));
    const element = h('div', { class: 'chart' });
    const { rows, unit } = inMillions(rowsOf(result.series[name], result.months), known);
    const spec = lines({ rows, names: result.scenarios, title, unit, percent: known.percent, height: 240 });
    queueMicrotask(() => chart(element, spec, `${title}. ${both(known.definition)}`));
    return element;
  }

  /** Return the tab of moves or of a household; what was asked in it stays while the page is drawn anew. */
  within(lesson, of) {
    const { scenarios } = lesson.comparisons[0];
    const result = called(of, scenarios);
    if (this.inner && this.inner.of === of && this.inner.tab === this.tab) {
      this.inner.runs.result = result;
      return this.inner;
    }
    this.leave();
    const place = h('div');
    const runs = { result, isSketch: false, jobs: {} };
    const asked = { scenarios, scale: 0.02, seed: 0 };
    const made =
      this.tab === 'moves' ? movesTab(place, runs) : householdTab(place, runs, () => this.indicators(), asked);
    return { of, runs, tab: this.tab, place, draw: made.draw, leave: made.leave };
  }

  /** Stop what moves. */
  leave() {
    if (this.inner && this.inner.leave) this.inner.leave();
  }
}

/** Return a result whose scenarios are called what they are called in the language of the moment. */
function called(result, scenarios) {
  const titles = Object.fromEntries(result.scenarios.map((name, position) => [name, both(scenarios[position].name)]));
  const renamed = (found) => Object.fromEntries(Object.entries(found).map(([name, value]) => [titles[name], value]));
  return {
    ...result,
    scenarios: Object.values(titles),
    series: Object.fromEntries(Object.entries(result.series).map(([name, found]) => [name, renamed(found)])),
    moves: result.moves.map((each) => ({ ...each, scenario: titles[each.scenario] })),
  };
}
