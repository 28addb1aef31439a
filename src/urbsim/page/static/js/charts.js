// Charts with Vega-Lite. Its expressions are interpreted and not compiled, so that the page may forbid code from text.

import { h, show } from './dom.js';
import { both, t } from './language.js';

const COLOURS = ['#000000', '#0072B2', '#D55E00', '#009E73'];
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
];

const CONFIG = {
  background: 'white',
  autosize: { type: 'fit', contains: 'padding' },
  padding: 4,
  font: 'system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  config: {
    axis: {
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      gridColor: '#e3e7ea',
      labelColor: '#222',
      titleColor: '#222',
    },
    legend: { labelFontSize: 12, titleFontSize: 12, labelLimit: 260 },
    title: { fontSize: 14, anchor: 'start', fontWeight: 600 },
    view: { stroke: null },
  },
};

/** Charts are drawn one after the other: the first, which a person looks at, does not wait for the others. */
let drawing = Promise.resolve();

/** What the data of a chart are called: they may change while the rest of it stays. */
const ROWS = 'rows';

/** Milliseconds that a chart waits at most for what a person looks at to be painted. */
const PATIENCE = 200;

/** Draw a chart into an element; what was drawn there before goes, unless it is the same. */
export function chart(element, spec, description) {
  const asked = JSON.stringify([spec, description, window.innerWidth]);
  if (element.asked === asked) return drawing;
  element.asked = asked;
  const isLast = () => element.asked === asked;
  drawing = drawing
    .then(() => (isLast() ? embed(element, spec, description, isLast) : null))
    .catch((error) => reportError(error))
    .then(painted);
  return drawing;
}

const painted = () => new Promise((done) => requestIdleCallback(done, { timeout: PATIENCE }));

async function embed(element, spec, description, isLast) {
  const shape = JSON.stringify([{ ...spec, data: null }, description, window.innerWidth]);
  if (element.view && element.shape === shape) {
    await element.view.view.data(ROWS, spec.data.values).runAsync(); // more draws, or other numbers of the same chart
    return;
  }
  const { font, config, ...rest } = CONFIG;
  const whole = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...rest,
    ...spec,
    data: { ...spec.data, name: ROWS },
    description,
    config: { ...config, font, ...(spec.config || {}) },
  };
  const place = h('div', { class: 'drawn' });
  place.style.width = '100%';
  const before = element.view;
  const fresh = element.querySelector('.drawn');
  if (fresh) element.insertBefore(place, fresh);
  else show(element, place);
  const drawn = await window.vegaEmbed(place, whole, {
    actions: false,
    renderer: 'svg',
    ast: true,
    hover: false,
    tooltip: { theme: 'light' },
  });
  if (!isLast()) {
    drawn.finalize();
    place.remove();
    return;
  }
  if (before) before.finalize();
  element.view = drawn;
  element.shape = shape;
  element.replaceChildren(place);
}

/** What vega-tooltip shows above the rest; lines of one name would hide each other. */
export const HEAD = 'title';

/** Return what is told of a mark when it is pointed at: fields, what they are called and how numbers are written. */
export const told = (...lines) =>
  lines.map(([field, title, format]) => ({ field, title, ...(format ? { format } : {}) }));

/** Return the description of lines with bands, one colour and dash for each scenario, by its place `among` all of them. */
export function lines({ rows, names, among = names, title, unit, percent, targets = [], height = 300 }) {
  const places = names.map((each) => among.indexOf(each));
  const scale = { domain: names, range: places.map((place) => COLOURS[place]) };
  const values = rows.flatMap((row) => [row.median, row.low, row.high]).filter((value) => value !== null);
  const axis = { format: ticks(values, percent) };
  const shown = percent ? '.1%' : Math.max(...values.map(Math.abs)) < 100 ? ',.3~r' : ',.0f';
  const legend = {
    orient: 'top',
    direction: 'horizontal',
    columns: 2,
    symbolOpacity: 1,
    symbolType: 'stroke',
    symbolStrokeWidth: 3,
  };
  const color = { field: 'scenario', type: 'nominal', scale, title: null, legend };
  const x = {
    field: 'year',
    type: 'quantitative',
    title: null,
    axis: { format: 'd', tickMinStep: 1 },
    scale: { nice: false, zero: false },
  };
  const y = { field: 'median', type: 'quantitative', title: unit, axis, scale: { zero: false } };
  const hasBand = rows.some((row) => row.low !== null);
  const layers = [
    ...(hasBand
      ? [
          {
            mark: { type: 'area', opacity: 0.18 },
            transform: [{ filter: 'isValid(datum.low)' }],
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
          },
        ]
      : []),
    {
      mark: { type: 'line', strokeWidth: 2.2 },
      encoding: {
        x,
        y,
        color,
        strokeDash: {
          field: 'scenario',
          type: 'nominal',
          scale: { domain: names, range: places.map((place) => DASHES[place]) },
          title: null,
          legend,
        },
      },
    },
    {
      mark: { type: 'point', size: 120, filled: true, opacity: 0 },
      encoding: {
        x,
        y,
        color,
        tooltip: told(
          ['scenario', HEAD],
          ['month', t('month')],
          ['median', t('median'), shown],
          ...(hasBand
            ? [
                ['low', t('from'), shown],
                ['high', t('to'), shown],
              ]
            : []),
        ),
      },
    },
  ];
  if (targets.length)
    layers.push(
      {
        data: { values: targets },
        mark: { type: 'text', dy: -13, fontSize: 12, color: '#b3261e', text: t('target') },
        encoding: { x, y: { ...y, field: 'target' } },
      },
      {
        data: { values: targets },
        mark: { type: 'point', shape: 'diamond', size: 90, filled: true, color: '#b3261e' },
        encoding: { x, y: { ...y, field: 'target' }, tooltip: told(['label', HEAD], ['target', t('target'), shown]) },
      },
    );
  return { title, width: 'container', height, data: { values: rows }, layer: layers };
}

/** Return rows and the unit of an indicator, and what one of it is; much money is told in millions. */
export function inMillions(rows, known) {
  const most = Math.max(...rows.map((row) => Math.abs(row.median ?? 0)));
  const { unit, one } = unitOf(known, most);
  const part = (value) => (value === null ? null : value / one);
  return {
    rows:
      one === 1
        ? rows
        : rows.map((row) => ({ ...row, median: part(row.median), low: part(row.low), high: part(row.high) })),
    unit,
    one,
  };
}

/** Return in which unit numbers of an indicator up to a largest one are told, and how many of its own that is. */
export function unitOf(known, most) {
  const unit = known.percent ? '' : both(known.unit);
  return most < 1e7 || !/yuan|元/.test(unit) ? { unit, one: 1 } : { unit: t('inMillions', { unit }), one: 1e6 };
}

/** Return how the numbers of an axis are written: short, and no two alike. */
function ticks(values, percent) {
  const low = Math.min(...values),
    high = Math.max(...values);
  if (percent) return high - low < 0.05 ? '.1%' : '.0%';
  return high - low < 10 ? ',~g' : ',.0f';
}

/** Return a month as a year with decimals. */
export const yearOf = (month) => Number(month.slice(0, 4)) + (Number(month.slice(5, 7)) - 1) / 12;
