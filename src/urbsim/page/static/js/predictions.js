// Predictions of a lesson: asked, remembered, and held against what came out.

import { h } from './dom.js';
import { indicatorOf } from './indicators.js';
import { both, number, t } from './language.js';

/** Return an indicator of a result at a month, by the position of the scenario. */
function valueAt(results, files, scenario, indicator, month) {
  for (const [position, result] of results.entries()) {
    const place = files[position].indexOf(scenario);
    if (place < 0) continue;
    const at = result.months.indexOf(month);
    return result.series[indicator][result.scenarios[place]].median[at];
  }
  return null;
}

/** Return what a prediction is held against: a sum of values of results, which are of scenarios in `files`. */
export function measured(prediction, results, files) {
  return prediction.measure.reduce((sum, term) => {
    const base = term.against ? valueAt(results, files, term.against, term.indicator, term.month) : 0;
    return sum + Number(term.times ?? 1) * (valueAt(results, files, term.scenario, term.indicator, term.month) - base);
  }, 0);
}

/** Return whether a value is what an option says: from its lower bound up to its upper. */
export const isRight = (option, value) =>
  (option.from === null || value >= Number(option.from)) && (option.to === null || value < Number(option.to));

/** Return the options of a prediction as radio buttons. */
export function options(prediction, chosen, locked, choose) {
  return h(
    'fieldset',
    { class: 'prediction', id: `prediction-${prediction.id}` },
    h('legend', {}, both(prediction.text)),
    prediction.options.map((option) =>
      h(
        'label',
        {},
        h('input', {
          type: 'radio',
          name: `answer-${prediction.id}`,
          id: `answer-${prediction.id}-${option.id}`,
          value: option.id,
          checked: chosen === option.id,
          disabled: locked,
          onchange: () => choose(option.id),
        }),
        ` ${both(option.text)}`,
      ),
    ),
  );
}

/** Return what a student answered to a lesson in this tab, and whether it was run since; both outlive a reload. */
export function remembered(id) {
  try {
    return JSON.parse(sessionStorage.getItem(`urbsim-lesson-${id}`)) || {};
  } catch {
    return {};
  }
}

/** Keep what was answered. */
export function remember(id, said) {
  try {
    sessionStorage.setItem(`urbsim-lesson-${id}`, JSON.stringify(said));
  } catch {
    /* a browser that keeps nothing */
  }
}

/** Return what was predicted, beside what the model says. */
export function verdictOf(prediction, answer, value, indicators) {
  const right = prediction.options.find((option) => isRight(option, value));
  const mine = prediction.options.find((option) => option.id === answer);
  const isGood = right && mine && right.id === mine.id;
  const said = (option) => (option ? both(option.text) : '–');
  const words = { mine: said(mine), model: said(right), value: signed(prediction, value, indicators) };
  return h(
    'div',
    { class: `verdict ${isGood ? 'good' : 'bad'}`, id: `verdict-${prediction.id}` },
    h('p', {}, h('strong', {}, both(prediction.text))),
    h('p', {}, `${t('verdict', words)} `, h('strong', {}, isGood ? t('rightAnswer') : t('otherAnswer'))),
  );
}

/** Return a difference in words: points of a share, or units with their sign. */
function signed(prediction, value, indicators) {
  const known = indicatorOf(indicators, prediction.measure[0].indicator);
  const sign = value > 0 ? '+' : '';
  if (known.percent) return `${sign}${number(100 * value, 1)} ${t('points')}`;
  return `${sign}${number(value, Math.abs(value) < 10 ? 2 : 0)} ${both(known.unit)}`.trim();
}
