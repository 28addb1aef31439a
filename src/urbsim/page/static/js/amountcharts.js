// Charts of amounts: response curves, a heat map of two, and cost against the chance of meeting the goals.

import { chart, HEAD, told, unitOf } from './charts.js';
import { folded, h, scrolled } from './dom.js';
import { indicatorOf } from './indicators.js';
import { both, bracketed, capital, number, percent, t } from './language.js';

const BLUE = '#0072B2',
  ORANGE = '#D55E00',
  GREY = '#767c82';
const HEIGHT = 250;

/** Return a chart as an element, with its numbers in a table below it. */
function figure(spec, description, headings, rows) {
  const place = h('div', { class: 'chart' });
  queueMicrotask(() => chart(place, { width: 'container', height: HEIGHT, ...spec }, description));
  const table = () =>
    scrolled(
      t('dataTable'),
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            headings.map((each) => h('th', { scope: 'col' }, each)),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map(([first, ...others]) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, first),
              others.map((each) => h('td', {}, each)),
            ),
          ),
        ),
      ),
    );
  return h('section', {}, place, folded({}, t('dataTable'), table));
}

/** Return what an indicator of an answer is, the cost among them. */
const knownOf = (answer, indicators, name) => (name === 'cost' ? answer.cost : indicatorOf(indicators, name));

/** Return how the numbers of an indicator are shown: in which unit, written how. */
function scaleOf(known, values) {
  const most = Math.max(...values.map(Math.abs)),
    range = Math.max(...values) - Math.min(...values);
  const { unit, one } = unitOf(known, most);
  const digits = known.percent ? (range < 0.01 ? 2 : 1) : most / one < 10 ? 2 : most / one < 1000 ? 1 : 0;
  return {
    title: bracketed(capital(both(known.label)), unit),
    one,
    format: known.percent ? `.${digits}%` : `,.${digits}f`,
    write: (value) => (known.percent ? percent(value, digits) : number(value / one, digits)),
  };
}

/** Return the unit in short: what it says of zones and counties would fill an axis. */
const shortUnit = (amount) => both(amount.unit).split(/,|（/)[0];

const nameOf = (amount) => bracketed(both(amount.label), shortUnit(amount));

/** Return the title of an axis in lines: the policy, what is varied of it, the unit. */
const axisOf = (amount) => [...both(amount.label).split(/(?<=[:：]) ?/), shortUnit(amount)].filter(Boolean);

/** Return the charts of a sweep: a curve for every indicator and amount, and maps of two amounts on a grid. */
export function curveCharts(answer, indicators) {
  const names = [...new Set(answer.curves.map((each) => each.indicator))];
  const curves = names.flatMap((name) => answer.amounts.map((amount) => curve(answer, indicators, name, amount)));
  const isMap = answer.is_grid && answer.amounts.length === 2;
  return [
    h('div', { class: 'pair' }, curves),
    isMap
      ? h(
          'div',
          { class: 'pair' },
          names.map((name) => heatMap(answer, indicators, name)),
        )
      : null,
  ];
}

function curve(answer, indicators, name, amount) {
  const rows = answer.curves.filter((each) => each.indicator === name && each.amount === amount.path);
  const scale = scaleOf(
    knownOf(answer, indicators, name),
    rows.flatMap((each) => [each.median, each.p10, each.p90]).filter((each) => each !== null),
  );
  const part = (number) => (number === null ? null : number / scale.one);
  const values = rows.map((each) => ({
    value: each.value,
    median: part(each.median),
    low: part(each.p10),
    high: part(each.p90),
  }));
  const x = { field: 'value', type: 'quantitative', title: axisOf(amount), axis: { tickCount: 5, labelOverlap: true } };
  const y = { type: 'quantitative', title: null, scale: { zero: false }, axis: { format: scale.format } };
  const tooltip = told(
    ['value', nameOf(amount)],
    ['median', 'median', scale.format],
    ['low', 'from', scale.format],
    ['high', 'to', scale.format],
  );
  return figure(
    {
      title: scale.title,
      data: { values },
      layer: [
        {
          mark: { type: 'area', opacity: 0.18, color: BLUE },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        { mark: { type: 'line', color: BLUE, strokeWidth: 2.2 }, encoding: { x, y: { ...y, field: 'median' } } },
        {
          mark: { type: 'point', color: BLUE, filled: true, size: 45 },
          encoding: { x, y: { ...y, field: 'median' }, tooltip },
        },
      ],
    },
    `${scale.title}. ${nameOf(amount)}`,
    [nameOf(amount), t('median'), t('interval')],
    rows.map((each) => [
      written(each.value),
      scale.write(each.median),
      each.p10 === null ? '–' : `${scale.write(each.p10)} – ${scale.write(each.p90)}`,
    ]),
  );
}

function heatMap(answer, indicators, name) {
  const [across, up] = answer.amounts;
  const rows = answer.rows.filter((each) => each.indicator === name && each.median !== null);
  const scale = scaleOf(
    knownOf(answer, indicators, name),
    rows.map((each) => each.median),
  );
  const values = rows.map((each) => ({
    across: each[across.path],
    up: each[up.path],
    median: each.median / scale.one,
    text: scale.write(each.median),
  }));
  const levels = values.map((each) => each.median);
  const middle = (Math.min(...levels) + Math.max(...levels)) / 2;
  const axes = {
    x: { field: 'across', type: 'ordinal', title: axisOf(across), axis: { labelAngle: 0, labelOverlap: true } },
    y: { field: 'up', type: 'ordinal', title: axisOf(up), sort: 'descending' },
  };
  return figure(
    {
      title: scale.title,
      data: { values },
      encoding: axes,
      layer: [
        {
          mark: { type: 'rect' },
          encoding: {
            color: { field: 'median', type: 'quantitative', scale: { scheme: 'cividis' }, legend: null },
            tooltip: told(['text', HEAD], ['across', nameOf(across)], ['up', nameOf(up)]),
          },
        },
        {
          mark: { type: 'text', fontSize: 12 },
          encoding: {
            text: { field: 'text' },
            color: { condition: { test: `datum.median < ${middle}`, value: '#fff' }, value: '#000' },
          },
        },
      ],
    },
    `${scale.title}. ${t('medians')}: ${nameOf(across)}, ${nameOf(up)}`,
    [nameOf(across), nameOf(up), t('median')],
    rows.map((each) => [written(each[across.path]), written(each[up.path]), scale.write(each.median)]),
  );
}

/** Return the chart of a search: cost against chance of all that was tried, what none beats, and what was chosen. */
export function frontierChart(answer) {
  const { tried, verified, wanted, amounts } = answer;
  const money = scaleOf(answer.cost, [verified.cost, ...tried.map((each) => each.cost)]);
  const kinds = [t('tried'), t('onFrontier'), t('chosenVerified')];
  const point = (each, kind) => ({ cost: each.cost / money.one, chance: each.chance, kind });
  const values = [
    ...tried.map((each) => point(each, kinds[0])),
    ...tried.filter((each) => each.frontier).map((each) => point(each, kinds[1])),
    { ...point(verified, kinds[2]), low: verified.low, high: verified.high },
  ];
  const of = (position) => [{ filter: { field: 'kind', equal: kinds[position] } }];
  const x = { field: 'cost', type: 'quantitative', title: money.title, scale: { zero: false } };
  const chance = {
    type: 'quantitative',
    title: t('chanceShort'),
    scale: { domain: [0, 1] },
    axis: { format: '.0%' },
  };
  const y = { ...chance, field: 'chance' };
  const legend = { orient: 'top', columns: 1, symbolOpacity: 1, symbolType: 'circle' };
  const color = {
    field: 'kind',
    type: 'nominal',
    title: null,
    scale: { domain: kinds, range: [GREY, BLUE, ORANGE] },
    legend,
  };
  const tooltip = told(['kind', HEAD], ['cost', money.title, money.format], ['chance', 'chanceShort', '.0%']);
  return figure(
    {
      title: t('frontier'),
      height: 300,
      data: { values },
      layer: [
        {
          transform: of(1),
          mark: { type: 'line', interpolate: 'step-after', color: BLUE },
          encoding: { x, y },
        },
        {
          transform: of(2),
          mark: { type: 'rule', color: ORANGE },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'rule', color: GREY, strokeDash: [5, 4], aria: false },
          encoding: { y: { ...chance, datum: wanted } },
        },
        { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x, y, color, tooltip } },
      ],
    },
    `${t('frontier')}. ${t('chanceWanted')}: ${Math.round(100 * wanted)}`,
    [...amounts.map(nameOf), money.title, t('chanceShort')],
    tried.map((each) => [
      ...amounts.map(({ path }) => written(each[path])),
      money.write(each.cost),
      percent(each.chance, 0),
    ]),
  );
}

const written = (value) => number(value, Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 3 : 1);
