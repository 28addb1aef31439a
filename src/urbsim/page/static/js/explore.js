// The analyst's room: place and scenarios on one side, results on the other.

import { h, show } from './dom.js';
import { countyCard } from './county.js';
import { editor } from './editor.js';
import { picker } from './places.js';
import { results } from './results.js';
import { Runs } from './runs.js';
import { current } from './state.js';
import { t } from './language.js';

export function explore(root) {
  const side = h('section', { class: 'side' }),
    wide = h('section', { class: 'wide', 'aria-labelledby': 'results-title' });
  const places = h('div', { class: 'card' }),
    scenarios = h('div'),
    state = h('div', { class: 'card' });
  show(side, places, scenarios);
  show(root, side, wide);
  const outcome = h('div');
  show(wide, outcome, state);
  const runs = new Runs();
  const parts = [picker(places), editor(scenarios, runs), results(outcome, runs), countyCard(state)];
  return {
    draw(what) {
      root.classList.toggle('is-empty', current().scenarios.length === 0);
      wide.hidden = current().scenarios.length === 0;
      side.setAttribute('aria-label', t('scenarios'));
      parts.forEach((part) => part.draw(what));
      if (what !== 'view') runs.ask();
    },
    leave() {
      runs.leave();
      parts.forEach((part) => part.leave && part.leave());
    },
  };
}
