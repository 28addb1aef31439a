// Targets of a scenario: an indicator, a month, a value, and how it is compared.

import { once } from './api.js';
import { h } from './dom.js';
import { both, capital, t } from './words.js';

let indicators = [];
once('indicators').then((answer) => { indicators = answer; }).catch(() => {});

const MONTH = /^\d{4}-\d{2}$/;
const COMPARATORS = { at_least: 'atLeast', at_most: 'atMost', about: 'about' };

export function targetForms(scenario, edit) {
  const targets = Object.entries(scenario.targets || {});
  const row = ([name, target]) => {
    const known = indicators.find((each) => each.name === name);
    return h('fieldset', { class: 'target' }, h('legend', {}, known ? capital(both(known.label)) : name),
      Object.keys(target).filter((key) => MONTH.test(key)).map((month) => h('div', { class: 'field' },
        h('label', { for: `target-${name}-${month}` }, `${month} ${known ? `(${both(known.unit)})` : ''}`),
        h('input', { id: `target-${name}-${month}`, type: 'number', step: 'any', value: target[month], onchange: (event) => { const value = event.target.valueAsNumber; if (Number.isFinite(value)) edit((own) => { own.targets[name][month] = value; }); } }))),
      h('div', { class: 'field' }, h('label', { for: `comparator-${name}` }, t('target')), h('select', { id: `comparator-${name}`, onchange: (event) => edit((own) => { own.targets[name].comparator = event.target.value; }) },
        Object.entries(COMPARATORS).map(([value, word]) => h('option', { value, selected: (target.comparator || 'at_least') === value }, t(word))))),
      h('button', { type: 'button', id: `remove-target-${name}`, onclick: () => edit((own) => { delete own.targets[name]; }) }, t('removePolicy')));
  };
  return h('details', { id: 'targets-form' }, h('summary', {}, `${t('targetsSet')} (${targets.length})`), targets.map(row), adder(scenario, edit));
}

function adder(scenario, edit) {
  const taken = new Set(Object.keys(scenario.targets || {}));
  return h('div', { class: 'field' }, h('label', { for: 'add-target' }, t('addTarget')), h('select', {
    id: 'add-target', onchange: (event) => {
      const name = event.target.value;
      const known = indicators.find((each) => each.name === name);
      const month = `${Math.min(2030, Number(scenario.until.slice(0, 4)))}-12`;
      if (name) edit((own) => { own.targets = { ...(own.targets || {}), [name]: { [month]: known.percent ? 0.6 : 0, comparator: 'at_least' } }; });
    },
  }, h('option', { value: '' }, '–'), indicators.filter((each) => !taken.has(each.name)).map((each) => h('option', { value: each.name }, capital(both(each.label))))));
}
