// Charts with Vega-Lite. Its expressions are interpreted and not compiled, so that the page may forbid code from text.

import { h } from './dom.js';
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

/** What the data and the texts of a chart are called: they may change while the rest of it stays. */
const ROWS = 'rows',
  TEXTS = 'texts';

/** Milliseconds that a chart waits at most for what a person looks at to be painted. */
const PATIENCE = 200;

/**
 * Draw a chart into an element; what was drawn there before goes, unless it is the same. `spec.texts` holds words and
 * formats that expressions of the chart use as `texts.name`: another language changes them, and nothing is built anew.
 */
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

const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const painted = () => new Promise((done) => requestIdleCallback(done, { timeout: PATIENCE }));

async function embed(element, { texts = {}, data, datasets = {}, ...spec }, description, isLast) {
  const shape = JSON.stringify([spec, window.innerWidth]);
  const numbers = { ...datasets, [ROWS]: data.values };
  if (element.view && element.shape === shape) {
    const { view } = element.view;
    view.description(description).signal(TEXTS, texts);
    for (const [name, values] of Object.entries(numbers))
      if (!isEqual(values, element.numbers[name])) view.data(name, values);
    element.numbers = numbers;
    await view.runAsync();
    return;
  }
  const { font, config, ...rest } = CONFIG;
  const whole = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...rest,
    ...spec,
    data: { name: ROWS },
    datasets: numbers,
    params: [{ name: TEXTS, value: texts }],
    description,
    config: { ...config, font, ...(spec.config || {}) },
  };
  const place = h('div', { class: 'drawn' });
  place.style.width = '100%';
  const before = element.view;
  const fresh = element.querySelector('.drawn');
  if (fresh) element.insertBefore(place, fresh);
  else element.replaceChildren(place);
  const drawn = await window.vegaEmbed(place, whole, {
    actions: false,
    renderer: 'svg',
    ast: true,
    hover: false,
    tooltip: { theme: 'light', formatTooltip },
  });
  if (!isLast()) {
    drawn.finalize();
    place.remove();
    return;
  }
  if (before) before.finalize();
  element.view = drawn;
  element.shape = shape;
  element.numbers = numbers;
  element.replaceChildren(place);
}

/** Return the table that is shown of a mark, its words in the language of the moment; `clean` makes text of what it is given. */
function formatTooltip({ [HEAD]: head, ...rest }, clean) {
  const row = ([name, value]) =>
    `<tr><td class="key">${clean(t(name))}</td><td class="value">${clean(value)}</td></tr>`;
  return `<h2>${clean(head)}</h2><table>${Object.entries(rest).map(row).join('')}</table>`;
}

/** What vega-tooltip shows above the rest; lines of one name would hide each other. */
export const HEAD = 'title';

/** Return what is told of a mark when it is pointed at: fields, what they are called (or the key of it) and how numbers are written. */
export const told = (...lines) =>
  lines.map(([field, title, format]) => ({ field, title, ...(format ? { format } : {}) }));

/** Return the same of expressions, which may use the texts of a chart. */
export const toldBy = (entries) => ({
  value: { expr: `{${Object.entries(entries).map(([key, expression]) => `'${key}': ${expression}`)}}` },
});

/** Return the description of lines with bands, one colour and dash for each scenario; `names` are those `among` all that are shown. */
export function lines({ rows, names, among = names, title, unit, percent, targets = [], height = 300 }) {
  const values = rows.flatMap((row) => [row.median, row.low, row.high]).filter((value) => value !== null);
  const shown = percent ? '.1%' : Math.max(...values.map(Math.abs)) < 100 ? ',.3~r' : ',.0f';
  const texts = { title, unit, names, ticks: ticks(values, percent), shown, target: t('target') };
  const legend = {
    orient: 'top',
    direction: 'horizontal',
    columns: 2,
    symbolOpacity: 1,
    symbolType: 'stroke',
    symbolStrokeWidth: 3,
    values: { expr: 'texts.names' },
  };
  const scale = (range) => ({ domain: among, range: range.slice(0, among.length) });
  const ofScenario = { field: 'scenario', type: 'nominal', title: null, legend };
  const color = { ...ofScenario, scale: scale(COLOURS) };
  const x = {
    field: 'year',
    type: 'quantitative',
    title: null,
    axis: { format: 'd', tickMinStep: 1, labelOverlap: true, labelSeparation: 6 },
    scale: { nice: false, zero: false },
  };
  const y = {
    field: 'median',
    type: 'quantitative',
    axis: { title: { expr: 'texts.unit' }, labelExpr: 'format(datum.value, texts.ticks)' },
    scale: { zero: false },
  };
  const written = (name) => `format(datum.${name}, texts.shown)`;
  const hasBand = rows.some((row) => row.low !== null);
  const band = hasBand ? { from: written('low'), to: written('high') } : {};
  const tooltip = toldBy({ [HEAD]: 'datum.scenario', month: 'datum.month', median: written('median'), ...band });
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
      encoding: { x, y, color, strokeDash: { ...ofScenario, scale: scale(DASHES) } },
    },
    {
      mark: { type: 'point', size: 120, filled: true, opacity: 0, aria: false }, // to be pointed at; the table tells it
      encoding: { x, y, color, tooltip },
    },
  ];
  const atTarget = { x, y: { ...y, field: 'target' } };
  const label = toldBy({ [HEAD]: "texts.target + ' ' + datum.month", target: written('target') });
  layers.push(
    {
      data: { name: 'targets' },
      mark: { type: 'text', dy: -13, fontSize: 12, color: '#b3261e', text: { expr: 'texts.target' } },
      encoding: atTarget,
    },
    {
      data: { name: 'targets' },
      mark: { type: 'point', shape: 'diamond', size: 90, filled: true, color: '#b3261e', aria: false },
      encoding: { ...atTarget, tooltip: label },
    },
  );
  return {
    title: { text: { expr: 'texts.title' } },
    width: 'container',
    height,
    texts,
    data: { values: rows },
    datasets: { targets },
    layer: layers,
  };
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
