// How much is simulated: until when, how many people, draws, and on which luck.

import { field, h, monthInput } from './dom.js';
import { t } from './language.js';
import { problemText } from './problems.js';
import { change, current } from './state.js';

export const SETTINGS = ['until', 'scale', 'draws', 'seed'];

/** Return the form of the settings; `problems` are those of the present runs. */
export function settingsForm(problems) {
  const { settings: chosen, scenarios } = current();
  const set = (key, value) =>
    change((state) => {
      if (value === null) delete state.settings[key];
      else state.settings[key] = value;
    });
  const wrong = (key) => problems.filter((each) => each.key === key);
  const marked = (key) => (wrong(key).length ? { 'aria-invalid': 'true', 'aria-describedby': `set-${key}-about` } : {});
  const about = (key) =>
    h(
      'small',
      { class: 'about', id: `set-${key}-about` },
      wrong(key).map((each) => h('span', { class: 'problem', role: 'alert' }, problemText({ ...each, key: '' }))),
    );
  const numeric = (key, attributes) =>
    field(
      `set-${key}`,
      t(key),
      h('input', {
        id: `set-${key}`,
        type: 'number',
        value: chosen[key],
        ...attributes,
        ...marked(key),
        onchange: (event) => {
          const value = event.target.valueAsNumber;
          if (Number.isFinite(value)) set(key, value);
          else event.target.value = chosen[key];
        },
      }),
      about(key),
    );
  return h(
    'details',
    { id: 'run-settings', open: SETTINGS.some((key) => wrong(key).length) },
    h('summary', {}, t('settings')),
    h(
      'div',
      { class: 'fields' },
      field(
        'set-until',
        t('until'),
        monthInput({ id: 'set-until', value: chosen.until || scenarios[0].until, ...marked('until') }, (month) =>
          set('until', month && month !== scenarios[0].until ? month : null),
        ),
        about('until'),
      ),
      numeric('scale', { min: 0.0001, max: 1, step: 'any' }),
      numeric('draws', { min: 0, max: 100, step: 1 }),
      numeric('seed', { min: 0, max: 2 ** 31, step: 1 }),
    ),
  );
}
