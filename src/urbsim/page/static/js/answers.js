// Questions about a plan that take runs of their own: which policy did it, and who gains or loses.

import { once } from './api.js';
import { asker, planAtHand, settingsOf } from './asker.js';
import { field, h } from './dom.js';
import { both, capital, t } from './language.js';

const BY = { policy: 'byPolicy', lever: 'byLever', part: 'byPart' };

/** Return a choice by name and label; what is not among the choices becomes the first. */
function select(kind, name, items, chosen, set) {
  const names = Object.keys(items);
  if (names.length && !(chosen[name] in items)) [chosen[name]] = names;
  const options = names.map((value) => h('option', { value, selected: value === chosen[name] }, capital(items[value])));
  const choose = (event) => set({ [name]: event.target.value });
  const id = `${kind}-${name}`;
  return field(id, t(name === 'by' ? 'groupedBy' : 'indicator'), h('select', { id, onchange: choose }, options));
}

const words = (items) => Object.fromEntries(Object.entries(items).map(([name, label]) => [name, both(label)]));

export const contributionsTab = asker({
  kind: 'contributions',
  text: 'contributionsText',
  async form({ chosen, set, indicators }) {
    const by = Object.fromEntries(Object.entries(BY).map(([value, word]) => [value, t(word)]));
    const first = [...indicators].sort((a, b) => (b.name === 'urbanization_rate') - (a.name === 'urbanization_rate'));
    const of = Object.fromEntries(first.map((each) => [each.name, both(each.label)]));
    return {
      row: [select('contributions', 'by', by, chosen, set), select('contributions', 'indicator', of, chosen, set)],
      isReady: indicators.length > 0,
    };
  },
  body(chosen) {
    const { rest } = settingsOf(4);
    const { scenarios, position } = planAtHand();
    const { until, ...runs } = rest;
    return {
      plan: scenarios[position],
      ...(position > 0 ? { against: scenarios[0] } : {}),
      by: chosen.by,
      indicator: chosen.indicator,
      ...(until ? { at: until } : {}),
      ...runs,
    };
  },
});

export const groupsTab = asker({
  kind: 'groups',
  text: 'groupsText',
  async form({ chosen, set }) {
    const known = await once('questions');
    return {
      row: [
        select('groups', 'by', words(known.groups), chosen, set),
        select('groups', 'indicator', words(known.measures), chosen, set),
      ],
      isReady: true,
    };
  },
  body(chosen) {
    const { scenarios, rest } = settingsOf(8);
    return { scenarios, by: chosen.by, indicator: chosen.indicator, ...rest };
  },
});
