// Targets of a scenario: an indicator, months with a value each, and how they are compared.

import { once } from './api.js';
import { actingSelect, field, h, monthInput } from './dom.js';
import { problemText } from './problems.js';
import { both, bracketed, capital, t } from './language.js';

let indicators = [];
once('indicators')
  .then((answer) => {
    indicators = answer;
  })
  .catch(() => {});

const MONTH = /^\d{4}-\d{2}$/;
const COMPARATORS = { at_least: 'atLeast', at_most: 'atMost', about: 'about' };

/** Return the form of all targets; `problemsOf(key)` gives what is wrong at a key and below it. */
export function targetForms(scenario, edit, problemsOf) {
  const targets = Object.entries(scenario.targets || {});
  return h(
    'details',
    { id: 'targets-form', open: problemsOf('targets').length > 0 },
    h('summary', {}, bracketed(t('targetsSet'), targets.length)),
    targets.map(([name, target]) => targetForm(name, target, edit, problemsOf)),
    adder(scenario, edit),
  );
}

function targetForm(name, target, edit, problemsOf) {
  const known = indicators.find((each) => each.name === name);
  const months = Object.keys(target).filter((key) => MONTH.test(key));
  const wrong = problemsOf(`targets.${name}`);
  const elsewhere = wrong.filter((each) => !months.some((month) => each.key === `targets.${name}.${month}`));
  return h(
    'fieldset',
    { class: 'target' },
    h(
      'legend',
      {},
      known ? capital(both(known.label)) : name,
      known && both(known.unit) && !known.percent ? h('small', {}, ` (${both(known.unit)})`) : null,
    ),
    months.map((month) =>
      monthForm(
        name,
        month,
        target,
        edit,
        wrong.filter((each) => each.key === `targets.${name}.${month}`),
        known,
      ),
    ),
    elsewhere.length ? h('small', { class: 'about' }, elsewhere.map(problem)) : null,
    field(
      `comparator-${name}`,
      t('target'),
      h(
        'select',
        {
          id: `comparator-${name}`,
          onchange: (event) =>
            edit((own) => {
              own.targets[name].comparator = event.target.value;
            }),
        },
        Object.entries(COMPARATORS).map(([value, word]) =>
          h('option', { value, selected: (target.comparator || 'at_least') === value }, t(word)),
        ),
      ),
    ),
    h(
      'button',
      {
        type: 'button',
        id: `remove-target-${name}`,
        onclick: () =>
          edit((own) => {
            delete own.targets[name];
          }),
      },
      t('removePolicy'),
    ),
  );
}

const problem = (each) => h('span', { class: 'problem', role: 'alert' }, problemText(each));

/** Return the month and the value of one target; a share of people is written in per cent. */
function monthForm(name, month, target, edit, problems, known) {
  const id = `target-${name}-${month}`,
    times = known && known.percent ? 100 : 1;
  let at = month; // it moves with every digit of the year, and the form is not drawn anew meanwhile
  const move = (to, input) => {
    const before = at;
    edit((own) => {
      if (!MONTH.test(to) || to in own.targets[name]) return;
      own.targets[name] = moved(own.targets[name], at, to);
      at = to;
    });
    if (at === before) input.value = at;
  };
  const set = (event) => {
    const value = event.target.valueAsNumber;
    if (Number.isFinite(value))
      edit((own) => {
        own.targets[name][at] = Number((value / times).toPrecision(12));
      });
    else event.target.value = target[month] * times;
  };
  return h(
    'div',
    { class: 'row' },
    h(
      'div',
      { class: 'field grow' },
      h('label', { for: `${id}-month` }, t('month')),
      monthInput({ id: `${id}-month`, value: month }, move),
    ),
    h(
      'div',
      { class: 'field grow' },
      h('label', { for: id }, `${t('value')}${times === 100 ? ' (%)' : ''}`),
      h('input', {
        id,
        type: 'number',
        step: 'any',
        value: Number((target[month] * times).toPrecision(12)),
        'aria-invalid': problems.length ? 'true' : null,
        'aria-describedby': `${id}-about`,
        onchange: set,
      }),
    ),
    h('small', { class: 'about', id: `${id}-about` }, problems.map(problem)),
  );
}

/** Return a target with one of its months called otherwise, and what refers to the month with it. */
function moved(target, from, to) {
  const renamed = (entries) =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [key === from ? to : key, value]));
  return { ...renamed(target), ...(target.reference ? { reference: renamed(target.reference) } : {}) };
}

function adder(scenario, edit) {
  const taken = new Set(Object.keys(scenario.targets || {}));
  return field(
    'add-target',
    t('addTarget'),
    actingSelect(
      {
        id: 'add-target',
        onchange: (event) => {
          const name = event.target.value;
          const known = indicators.find((each) => each.name === name);
          const month = `${Math.min(2030, Number(scenario.until.slice(0, 4)))}-12`;
          if (name)
            edit((own) => {
              own.targets = {
                ...(own.targets || {}),
                [name]: { [month]: known.percent ? 0.6 : 0, comparator: 'at_least' },
              };
            });
        },
      },
      h('option', { value: '' }, '–'),
      indicators
        .filter((each) => !taken.has(each.name))
        .map((each) => h('option', { value: each.name }, capital(both(each.label)))),
    ),
  );
}
