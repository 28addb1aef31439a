// Rows of a question about amounts: goals and limits, amounts between two values, indicators; each is a line of text as
// the command line takes it.

import { field, h, monthInput } from './dom.js';
import { both, bracketed, capital, number, t } from './language.js';
import { toldApart } from './names.js';

const GOAL = /^\s*([^<>=\s]+)\s*(>=|<=)\s*([^@\s]+)\s*(?:@\s*(\S+)\s*)?$/;
const AMOUNT = /^\s*([^=\s]+)\s*=\s*([^:]*)(?::(.*))?$/;
/** What money is told in: millions. */
const MILLION = 1e6;

/** Return the parts of a goal that is written as a line. */
export function goalOf(line) {
  const [, name = '', sign = '>=', level = '', month = ''] = GOAL.exec(line) || [];
  return { name, sign, level: Number(level), month };
}

export const goalLine = ({ name, sign, level, month }) => `${name} ${sign} ${level}${month ? ` @ ${month}` : ''}`;

/** Return path and ends of an amount that is written as a line. */
export function amountOf(line) {
  const [, path = '', low = '', high = ''] = AMOUNT.exec(line) || [];
  return { path, low, high };
}

const amountLine = ({ path, low, high }) => `${path}=${low}${high === '' ? '' : `:${high}`}`;

/** Return how many of its units as shown one of an indicator is: shares are told in per cent, money in millions. */
const timesOf = (known) => (known.percent ? 100 : known.name === 'cost' ? 1 / MILLION : 1);

const unitOf = (known) =>
  known.percent ? '%' : known.name === 'cost' ? t('inMillions', { unit: both(known.unit) }) : both(known.unit);

/** Return goals or limits as rows; `known` are the indicators that they may be of, `set(lines)` takes them anew. */
export function goalRows({ id, legend, add, lines, known, fresh, set }) {
  const signs = [
    { value: '>=', label: t('atLeast') },
    { value: '<=', label: t('atMost') },
  ];
  const row = (line, index) => {
    const goal = goalOf(line);
    const of = known.find((each) => each.name === goal.name) || known[0];
    const edit = (change) => set(lines.map((each, at) => (at === index ? goalLine({ ...goal, ...change }) : each)));
    const times = timesOf(of);
    return [
      choice(`${id}-${index}-name`, t('indicator'), known.map(named), goal.name, (name) => edit({ name })),
      choice(`${id}-${index}-sign`, t('direction'), signs, goal.sign, (sign) => edit({ sign })),
      numeric(`${id}-${index}`, bracketed(t('level'), unitOf(of)), shown(goal.level * times), {}, (value) =>
        edit({ level: shown(value / times) }),
      ),
      monthField(`${id}-${index}-month`, goal.month, (month) => edit({ month })),
    ];
  };
  return rows({ id, legend, add, lines, row, fresh, set });
}

/** Return amounts as rows: what is varied, of `choices`, and between which values. */
export function amountRows({ id, lines, choices, set }) {
  const groups = [...new Set(choices.map((each) => each.group))];
  const row = (line, index) => {
    const amount = amountOf(line);
    const of = choices.find((each) => each.path === amount.path) || choices[0];
    const put = (change) => set(lines.map((each, at) => (at === index ? change : each)));
    const edit = (change) => put(amountLine({ ...amount, ...change }));
    const bounds = { min: lowest(of), max: of.high ?? null, 'aria-describedby': `${id}-${index}-about` };
    const options = groups.map((group) => ({
      label: group,
      items: choices.filter((each) => each.group === group).map(({ path, label }) => ({ value: path, label })),
    }));
    return [
      choice(`${id}-${index}-path`, t('amount'), options, amount.path, (path) =>
        put(firstLine(choices.find((each) => each.path === path))),
      ),
      amount.high === '' // values that a program listed
        ? numeric(`${id}-${index}-low`, t('value'), amount.low, { type: 'text' }, (low) => edit({ low }))
        : [
            numeric(`${id}-${index}-low`, withUnit(t('from'), of), amount.low, bounds, (low) => edit({ low })),
            numeric(`${id}-${index}-high`, withUnit(t('to'), of), amount.high, bounds, (high) => edit({ high })),
          ],
      h('small', { class: 'about', id: `${id}-${index}-about` }, aboutAmount(of)),
    ];
  };
  const fresh = () => firstLine(choices.find((each) => !lines.some((line) => amountOf(line).path === each.path)));
  const isMore = choices.some((each) => !lines.some((line) => amountOf(line).path === each.path));
  return rows({ id, legend: t('vary'), add: isMore ? t('addAmount') : '', lines, row, fresh, set });
}

/** Return a word with a unit in short: what it says of zones and counties is in the form of the policy. */
const withUnit = (word, { unit }) => bracketed(word, unit.split(/,|（/)[0]);

const aboutAmount = (of) =>
  [of.allowed ? `${t('allowed')}: ${of.allowed}` : '', of.value === null ? '' : t('nowIs', { value: digits(of.value) })]
    .filter(Boolean)
    .join(' · ');

/** Return the least that is allowed; nothing where all above it is, as it stands for the plan without the policy. */
const lowest = (of) => (of.low !== null && Math.abs(of.low) < Number.MIN_VALUE * 2 ? 0 : of.low);

/** Return an amount between the least and twice what the scenario has of it, within what is allowed. */
export function firstLine(of) {
  const low = lowest(of) ?? 0;
  const wanted = of.value === null ? (of.high ?? low + 1) : 2 * of.value || low + 1;
  const high = Math.min(of.high ?? wanted, wanted);
  return amountLine({ path: of.path, low: shown(low), high: shown(high) });
}

/** Return indicators as rows. */
export function indicatorRows({ id, lines, known, set }) {
  const row = (line, index) => [
    choice(`${id}-${index}`, t('indicator'), known.map(named), line, (name) =>
      set(lines.map((each, at) => (at === index ? name : each))),
    ),
  ];
  const free = known.find((each) => !lines.includes(each.name));
  const fresh = () => free.name;
  return rows({ id, legend: t('indicator'), add: free ? t('addIndicator') : '', lines, row, fresh, set });
}

/** Return the amounts of a scenario's policies that can be varied, in the language of the page. */
export function amountsOf(scenario, levers) {
  const policies = scenario.policies || {};
  return Object.entries(policies).flatMap(([name, policy]) => {
    const lever = levers.get(policy.lever);
    const apart = lever ? toldApart(name, policies, levers) : '';
    const group = lever && (apart ? t('withKey', { name: both(lever.title), apart }) : both(lever.title));
    return (lever?.fields || [])
      .filter((each) => each.own && ['number', 'integer'].includes(each.kind))
      .map((each) => ({
        path: `policies.${name}.${each.name}`,
        group,
        label: capital(both(each.title)),
        unit: both(each.unit),
        allowed: both(each.allowed),
        low: each.low,
        high: each.high,
        value: policy[each.name] ?? each.default ?? null,
        isSet: policy[each.name] !== undefined,
      }));
  });
}

/** Return a number field under its label. */
export const numeric = (id, label, value, attributes, set) =>
  field(
    id,
    label,
    h('input', {
      id,
      type: 'number',
      step: 'any',
      value,
      ...attributes,
      onchange: (event) => {
        const isNumber = event.target.type === 'number';
        const entered = isNumber ? event.target.valueAsNumber : event.target.value.trim();
        if (isNumber ? Number.isFinite(entered) : entered) set(entered);
        else event.target.value = value;
      },
    }),
  );

/** Return a choice under its label; options are `{value, label}`, or groups `{label, items}`. */
export function choice(id, label, options, chosen, set) {
  const option = (each) => h('option', { value: each.value, selected: each.value === chosen }, each.label);
  const part = (each) => (each.items ? h('optgroup', { label: each.label }, each.items.map(option)) : option(each));
  const select = h('select', { id, onchange: (event) => set(event.target.value) }, options.map(part));
  return h('div', { class: 'field grow' }, h('label', { for: id }, label), select);
}

const monthField = (id, value, set) => field(id, t('month'), monthInput({ id, value }, set));

/** Return lines as rows that can be added and removed. */
function rows({ id, legend, add, lines, row, fresh, set }) {
  const remove = (index) => () => set(lines.filter((_, at) => at !== index));
  const removal = (index) =>
    h(
      'button',
      {
        type: 'button',
        id: `${id}-${index}-remove`,
        'aria-label': `${t('removePolicy')}: ${legend} ${index + 1}`,
        onclick: remove(index),
      },
      t('removePolicy'),
    );
  return h(
    'fieldset',
    { id },
    h('legend', {}, legend),
    lines.map((line, index) => h('div', { class: 'row' }, row(line, index), removal(index))),
    add ? h('button', { type: 'button', id: `${id}-add`, onclick: () => set([...lines, fresh()]) }, `+ ${add}`) : null,
  );
}

const named = (each) => ({ value: each.name, label: capital(both(each.label)) });
const shown = (value) => Number(value.toPrecision(12));
const digits = (value) => number(value, Number.isInteger(value) ? 0 : 2);
