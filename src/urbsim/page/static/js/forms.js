// Forms of policies, made from the schemas of the levers: bounds, units, choices, defaults, cost and evidence.

import { h, monthInput } from './dom.js';
import { problemList, problemText } from './problems.js';
import { both, capital, lang, number, t } from './language.js';

/** Return the form of one policy. `given` has problems, the prefix of keys, what tells it `apart`, `set(field, value or null)` and `remove`. */
export function policyForm(name, policy, lever, given) {
  const own = lever ? lever.fields.filter((field) => field.own) : [];
  const common = lever ? lever.fields.filter((field) => !field.own) : [];
  const known = new Set(given.problems.map((each) => each.key));
  const field = (each) => fieldForm(name, each, policy[each.name], given);
  const elsewhere = given.problems.filter(
    (each) =>
      !lever ||
      !lever.fields.some(
        (one) => each.key === `${given.prefix}.${one.name}` || each.key.startsWith(`${given.prefix}.${one.name}.`),
      ),
  );
  return h(
    'details',
    { id: `policy-${name}`, class: 'policy', open: known.size > 0 },
    h(
      'summary',
      {},
      h('span', {}, lever ? both(lever.title) : policy.lever),
      given.apart ? h('small', {}, ` ${given.apart}`) : null,
      ' ',
      h('small', { class: 'month' }, `${policy.start || ''}${policy.end ? ` – ${policy.end}` : ''}`),
      known.size ? h('strong', { class: 'mark' }, ' !') : null,
    ),
    lever ? h('p', { class: 'hint' }, both(lever.explanation)) : null,
    elsewhere.length ? problemList(elsewhere) : null,
    h('div', { class: 'fields' }, own.map(field)),
    h('fieldset', {}, h('legend', {}, t('common')), h('div', { class: 'fields' }, common.map(field))),
    lever
      ? h(
          'div',
          { class: 'basis' },
          h('p', {}, h('strong', {}, `${t('cost')}: `), lever.cost.map(both).join(lang() === 'zh' ? '' : ' ')),
          h('p', {}, h('strong', {}, `${t('evidence')}: `), both(lever.evidence)),
          h('p', {}, h('strong', {}, `${t('founded')}: `), grade(lever), ' ', both(lever.founded)),
          lever.effect.length
            ? h(
                'details',
                { id: `effect-${name}` },
                h('summary', {}, t('effect')),
                lever.effect.map((each) => h('p', {}, both(each))),
              )
            : null,
        )
      : null,
    policy.source ? h('p', { class: 'hint' }, `${policy.source.programme} ${policy.source.clause}`) : null,
    h('button', { type: 'button', id: `remove-${name}`, onclick: given.remove }, t('removePolicy')),
  );
}

const grade = (lever) => h('span', { class: `grade ${lever.strength.name}` }, both(lever.strength));

function fieldForm(policy, field, value, given) {
  const id = `field-${policy}-${field.name}`;
  const problems = given.problems.filter(
    (each) => each.key === `${given.prefix}.${field.name}` || each.key.startsWith(`${given.prefix}.${field.name}.`),
  );
  const attributes = { id, 'aria-invalid': problems.length ? 'true' : null, 'aria-describedby': `${id}-about` };
  const unit = both(field.unit);
  const label = [
    capital(both(field.title)),
    unit ? h('small', {}, ` (${unit})`) : null,
    field.required ? h('small', {}, ` *`) : null,
  ];
  const grouped = field.kind === 'choices';
  const control = controlOf(field, value, attributes, (changed) => given.set(field.name, changed));
  return h(
    grouped ? 'fieldset' : 'div',
    { class: 'field', id: grouped ? id : null, 'aria-describedby': grouped ? `${id}-about` : null },
    grouped ? h('legend', {}, label) : h('label', { for: id }, label),
    control,
    h(
      'small',
      { class: 'about', id: `${id}-about` },
      aboutOf(field),
      problems.map((each) => h('span', { class: 'problem', role: 'alert' }, problemText(each))),
    ),
  );
}

function aboutOf(field) {
  const fallback = field.default === null || field.default === undefined ? '' : ` · ${t('byDefault')} ${shown(field)}`;
  const bounds = ['number', 'integer'].includes(field.kind) && both(field.allowed) ? ` · ${both(field.allowed)}` : '';
  return `${both(field.description)}${bounds}${fallback}`;
}

function shown(field) {
  const name = (value) => {
    const found = field.choices.find((each) => each.value === value);
    return found ? found[lang()] : value;
  };
  if (Array.isArray(field.default)) return field.default.map(name).join(', ');
  if (typeof field.default === 'boolean') return field.default ? t('yes') : t('no');
  return typeof field.default === 'number'
    ? number(
        field.default,
        Number.isInteger(field.default) ? 0 : Math.min(4, String(field.default).split('.')[1]?.length || 0),
      )
    : name(field.default);
}

function controlOf(field, value, attributes, set) {
  if (field.kind === 'month') return monthInput({ ...attributes, value: value ?? '' }, (month) => set(month || null));
  if (field.kind === 'number' || field.kind === 'integer') {
    return h('input', {
      ...attributes,
      type: 'number',
      step: field.kind === 'integer' ? 1 : 'any',
      min: field.low,
      max: field.high,
      value: value ?? '',
      placeholder: field.default ?? '',
      onchange: (event) => {
        const entered = event.target.valueAsNumber;
        set(Number.isFinite(entered) ? entered : null);
      },
    });
  }
  if (field.kind === 'boolean') {
    return h(
      'select',
      { ...attributes, onchange: (event) => set(event.target.value === '' ? null : event.target.value === 'true') },
      h('option', { value: '', selected: value === undefined }, t('byDefault')),
      h('option', { value: 'true', selected: value === true }, t('yes')),
      h('option', { value: 'false', selected: value === false }, t('no')),
    );
  }
  if (field.kind === 'choice') {
    return h(
      'select',
      { ...attributes, onchange: (event) => set(event.target.value || null) },
      field.required ? null : h('option', { value: '', selected: value === undefined }, t('byDefault')),
      field.choices.map((each) => h('option', { value: each.value, selected: each.value === value }, each[lang()])),
    );
  }
  if (field.kind === 'choices') {
    const chosen = value ?? field.default ?? [];
    return h(
      'div',
      { class: 'checks' },
      field.choices.map((each) =>
        h(
          'label',
          {},
          h('input', {
            type: 'checkbox',
            id: `${attributes.id}-${each.value}`,
            checked: chosen.includes(each.value),
            onchange: (event) =>
              set(
                field.choices
                  .map((one) => one.value)
                  .filter((one) => (one === each.value ? event.target.checked : chosen.includes(one))),
              ),
          }),
          ` ${each[lang()]}`,
        ),
      ),
    );
  }
  return h('input', { ...attributes, value: both(value), onchange: (event) => set(event.target.value || null) });
}

/** Return the list of levers to choose from. */
export function catalogue(levers, filter, setFilter, choose) {
  const wanted = filter.trim().toLowerCase();
  const fits = (lever) =>
    !wanted ||
    [lever.lever, lever.title.en, lever.title.zh, lever.explanation.en, lever.explanation.zh].some((text) =>
      text.toLowerCase().includes(wanted),
    );
  return h(
    'div',
    { class: 'catalogue' },
    h('label', { for: 'find-policy' }, t('findPolicy')),
    h('input', { id: 'find-policy', type: 'search', value: filter, oninput: (event) => setFilter(event.target.value) }),
    h(
      'ul',
      {},
      levers
        .filter(fits)
        .map((lever) =>
          h(
            'li',
            {},
            h(
              'button',
              { type: 'button', class: 'plain', id: `lever-${lever.lever}`, onclick: () => choose(lever) },
              h('span', {}, both(lever.title), ' ', grade(lever)),
              h('small', {}, both(lever.explanation)),
            ),
          ),
        ),
    ),
  );
}
