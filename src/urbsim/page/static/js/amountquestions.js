// What it takes to reach goals, and how results depend on amounts: the forms that ask, and what came of it.

import { once } from './api.js';
import { curveCharts, frontierChart } from './amountcharts.js';
import {
  amountOf,
  amountRows,
  amountsOf,
  choice,
  firstLine,
  goalRows,
  indicatorRows,
  numeric,
} from './amountfields.js';
import { asker, planAtHand, settingsOf } from './asker.js';
import { h } from './dom.js';
import { both, capital, lang, number, t } from './language.js';
import { change, current, freeName, inOneLanguage, look } from './state.js';
import { saveScenario } from './yaml.js';

/** Draws that a question about amounts takes at most: each of them at every amount. */
const MOST_DRAWS = 8;
const MOST_SCENARIOS = 4;
/** What is asked where nothing else is said, as on the command line. */
const SEEK = { chance: 0.8, minimise: 'cost', trials: 40, verify: 100 };
const SWEEP = { levels: 5, sobol: null };
const FIRST = 'urbanization_rate';

const cost = async () => ({ name: 'cost', ...(await once('questions')).cost });

/** Fill in what was not chosen yet, and drop amounts that the plan does not have. */
function prepare(chosen, choices, defaults) {
  for (const [name, value] of Object.entries(defaults)) if (chosen[name] === undefined) chosen[name] = value;
  chosen.vary = (chosen.vary || []).filter((line) => choices.some((each) => each.path === amountOf(line).path));
  const first = choices.find((each) => each.isSet) || choices[0];
  if (!chosen.vary.length && first) chosen.vary = [firstLine(first)];
}

/** Return the goal that one begins with: the plan's own target, else a point more than it reaches. */
function firstGoal(runs) {
  const { scenarios, position } = planAtHand();
  const { targets = {}, until, name } = scenarios[position],
    series = runs.result?.series[FIRST] || {};
  const [indicator = FIRST, target = {}] = Object.entries(targets).find(([key]) => key === FIRST) || [];
  const month = Object.keys(target).findLast((key) => /^\d{4}-\d{2}$/.test(key));
  const reached = (series[name] || Object.values(series)[0])?.median.at(-1) ?? 0.6;
  const level = month ? target[month] : Number(Math.min(reached + 0.01, 1).toFixed(3));
  return `${indicator} >= ${level} @ ${month || current().settings.until || until}`;
}

const amountChoices = async () => {
  const { scenarios, position } = planAtHand();
  const levers = new Map((await once('policies')).map((each) => [each.lever, each]));
  return amountsOf(scenarios[position], levers);
};

/** Return the parameters of the model as amounts. */
const parameterChoices = async () =>
  (await once(`list_parameters?language=${lang()}`)).map((each) => ({
    path: `parameters.${each.name}`,
    group: t('modelParameters'),
    label: each.label,
    unit: each.unit,
    allowed: '',
    low: each.low,
    high: each.high,
    value: null,
  }));

const noAmounts = () => [h('p', { class: 'hint' }, t('noAmounts'))];
const runsAbout = (runs) => h('p', { class: 'hint' }, t('aboutRuns', { runs: number(runs) }));
const drawsOf = () => Math.max(settingsOf(MOST_DRAWS).rest.draws, 1);

export const seekTab = asker({
  kind: 'seek',
  text: 'seekText',
  async form({ chosen, set, indicators, runs }) {
    const choices = await amountChoices();
    prepare(chosen, choices, { ...SEEK, reach: [firstGoal(runs)], within: [] });
    if (!choices.length) return { fields: noAmounts(), isReady: false };
    const money = await cost();
    const month = current().settings.until || current().scenarios[0].until;
    const all = [money, ...indicators].map(({ name, label }) => ({ value: name, label: capital(both(label)) }));
    const whole = (name, low, high) =>
      numeric(`seek-${name}`, t(name), chosen[name], { min: low, max: high, step: 1 }, (value) =>
        set({ [name]: value }),
      );
    return {
      fields: [
        goalRows({
          id: 'seek-reach',
          legend: t('goals'),
          add: t('addGoal'),
          lines: chosen.reach,
          known: indicators,
          fresh: () => firstGoal(runs),
          set: (reach) => set({ reach }),
        }),
        amountRows({ id: 'seek-vary', lines: chosen.vary, choices, set: (vary) => set({ vary }) }),
        goalRows({
          id: 'seek-within',
          legend: t('limits'),
          add: t('addLimit'),
          lines: chosen.within,
          known: [money, ...indicators],
          fresh: () => `cost <= 1000000000 @ ${month}`,
          set: (within) => set({ within }),
        }),
        h(
          'div',
          { class: 'fields' },
          numeric('seek-chance', t('chanceWanted'), 100 * chosen.chance, { min: 1, max: 99 }, (value) =>
            set({ chance: value / 100 }),
          ),
          choice('seek-minimise', t('minimise'), all, chosen.minimise, (minimise) => set({ minimise })),
          whole('trials', 5, 300),
          whole('verify', 100, 400),
        ),
        runsAbout(chosen.trials * drawsOf() + chosen.verify),
      ],
      isReady: chosen.reach.length > 0 && chosen.vary.length > 0 && indicators.length > 0,
    };
  },
  body({ reach, vary, within, chance, minimise, trials, verify }) {
    const { scenarios, position } = planAtHand();
    const { until, ...runs } = settingsOf(MOST_DRAWS).rest;
    return { plan: scenarios[position], reach, vary, within, chance, minimise, trials, verify, ...runs };
  },
  more: (answer) => [frontierChart(answer), found(answer.scenario)],
});

/** Return what can be done with the scenario found. */
function found(scenario) {
  const own = inOneLanguage(scenario);
  const isFull = current().scenarios.length >= MOST_SCENARIOS;
  const compare = () => {
    change((state) => state.scenarios.push({ ...own, name: freeName(own.name) }));
    look({ current: current().scenarios.length - 1, tab: 'charts' });
  };
  return [
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', id: 'open-found', disabled: isFull, onclick: compare }, t('openFound')),
      h('button', { type: 'button', id: 'download-found', onclick: () => saveScenario(own) }, t('downloadFound')),
    ),
    isFull ? h('p', { class: 'hint' }, t('upToFour')) : null,
  ];
}

export const sweepTab = asker({
  kind: 'sweep',
  text: 'sweepText',
  async form({ chosen, set, indicators, runs }) {
    const choices = [...(await amountChoices()), ...(await parameterChoices())];
    prepare(chosen, choices, { ...SWEEP, reach: [], indicators: [FIRST] });
    const known = [await cost(), ...indicators];
    const points = chosen.sobol || chosen.levels ** chosen.vary.length;
    return {
      fields: [
        amountRows({ id: 'sweep-vary', lines: chosen.vary, choices, set: (vary) => set({ vary }) }),
        indicatorRows({
          id: 'sweep-indicators',
          lines: chosen.indicators,
          known: indicators,
          set: (names) => set({ indicators: names }),
        }),
        goalRows({
          id: 'sweep-reach',
          legend: t('goalsIfAny'),
          add: t('addGoal'),
          lines: chosen.reach,
          known,
          fresh: () => firstGoal(runs),
          set: (reach) => set({ reach }),
        }),
        h(
          'div',
          { class: 'fields' },
          numeric('sweep-levels', t('levels'), chosen.levels, { min: 2, max: 50, step: 1 }, (levels) =>
            set({ levels }),
          ),
          optional('sweep-sobol', t('sobol'), chosen.sobol, (sobol) => set({ sobol })),
        ),
        runsAbout(points * drawsOf()),
      ],
      isReady: chosen.vary.length > 0 && chosen.indicators.length > 0 && indicators.length > 0,
    };
  },
  body({ vary, reach, indicators, levels, sobol }) {
    const { scenarios, position } = planAtHand();
    const { until, ...runs } = settingsOf(MOST_DRAWS).rest;
    const how = sobol ? { sobol } : { levels };
    return { plan: scenarios[position], vary, reach, indicators, ...how, ...(until ? { at: until } : {}), ...runs };
  },
  more: curveCharts,
});

/** Return a number field that may stay empty. */
const optional = (id, label, value, set) =>
  h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', {
      id,
      type: 'number',
      min: 2,
      max: 1024,
      step: 1,
      value: value ?? '',
      onchange: (event) => set(Number.isFinite(event.target.valueAsNumber) ? event.target.valueAsNumber : null),
    }),
  );
