// The counties of a region on a map, coloured by an indicator in a year.

import { once } from './api.js';
import { unitOf } from './charts.js';
import { announce, field, h, scrolled, show } from './dom.js';
import { current, note } from './state.js';
import { indicatorOf } from './indicators.js';
import { both, capital, lang, number, percent, t } from './language.js';

// Light to dark, readable in grey (ColorBrewer YlGnBu).
const SHADES = ['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#253494'];
const WIDTH = 640;
/** Counties whose names fit on a map; those of a larger one are told by pointing and in the table. */
const MOST_NAMED = 24;

/** Return the outlines, points and names of several regions as one. */
const together = (answers) =>
  Object.fromEntries(
    ['outlines', 'points', 'names'].map((part) => [part, Object.assign({}, ...answers.map((each) => each[part]))]),
  );

export function mapTab(root, runs, indicators) {
  const chosen = { indicator: 'urbanization_rate', scenario: 0, month: -1, ...current().view.map };
  let shapes = null,
    region = '';
  const controls = h('div', { class: 'row' }),
    picture = h('div', { class: 'county-map' }),
    table = h('div');

  function draw() {
    const result = runs.result;
    if (result.counties.length < 2) {
      show(root, h('p', {}, t('oneCounty')));
      return;
    }
    if (!root.contains(picture)) show(root, controls, picture, table);
    const codes = [current().scenarios[0].region].flat().map(String);
    if (codes.join() !== region) {
      region = codes.join();
      shapes = null;
      Promise.all(codes.map((code) => once(`map/${code}`)))
        .then((answers) => {
          if (region === codes.join()) {
            shapes = together(answers);
            if (runs.result) draw();
          }
        })
        .catch((error) => announce(error.message));
    }
    const months = result.months;
    const at = chosen.month < 0 || chosen.month >= months.length ? months.length - 1 : chosen.month;
    show(
      controls,
      field(
        'map-indicator',
        t('indicator'),
        h(
          'select',
          {
            id: 'map-indicator',
            onchange: (event) => {
              choose({ indicator: event.target.value });
              draw();
            },
          },
          Object.keys(result.by_county).map((name) =>
            h('option', { value: name, selected: name === chosen.indicator }, label(name)),
          ),
        ),
      ),
      field(
        'map-scenario',
        t('scenario'),
        h(
          'select',
          {
            id: 'map-scenario',
            onchange: (event) => {
              choose({ scenario: Number(event.target.value) });
              draw();
            },
          },
          result.scenarios.map((name, position) =>
            h('option', { value: position, selected: position === chosen.scenario }, name),
          ),
        ),
      ),
      h(
        'div',
        { class: 'field grow' },
        h('label', { for: 'map-year' }, `${t('year')}: `, h('output', { id: 'map-month' }, months[at])),
        h('input', {
          id: 'map-year',
          type: 'range',
          min: 0,
          max: months.length - 1,
          step: 1,
          value: at,
          'aria-valuetext': months[at],
          oninput: (event) => {
            choose({ month: Number(event.target.value) });
            paint();
          },
        }),
      ),
    );
    paint();
  }

  function choose(edit) {
    Object.assign(chosen, edit);
    note({ map: { ...chosen } });
  }

  const known = (name) => indicatorOf(indicators(), name);
  const label = (name) => capital(both(known(name).label));

  function paint() {
    const result = runs.result,
      months = result.months;
    const at = chosen.month < 0 || chosen.month >= months.length ? months.length - 1 : chosen.month;
    const output = document.getElementById('map-month');
    if (output) output.textContent = months[at];
    document.getElementById('map-year')?.setAttribute('aria-valuetext', months[at]);
    const everywhere = result.by_county[chosen.indicator] || {};
    const values = everywhere[result.scenarios[Math.min(chosen.scenario, result.scenarios.length - 1)]] || {};
    const all = Object.values(everywhere)
      .flatMap((each) => Object.values(each).flat())
      .filter((value) => value !== null);
    const low = Math.min(...all),
      high = Math.max(...all);
    const shade = (value) =>
      value === null || value === undefined
        ? '#dddddd'
        : SHADES[Math.min(SHADES.length - 1, Math.floor((SHADES.length * (value - low)) / (high - low || 1)))];
    const { unit, one } = unitOf(known(chosen.indicator), Math.max(Math.abs(low), Math.abs(high)));
    const format = (value) =>
      value === null || value === undefined
        ? '–'
        : known(chosen.indicator).percent
          ? percent(value)
          : `${number(value / one, one > 1 ? 1 : 0)} ${unit}`;
    if (shapes)
      show(
        picture,
        drawing(
          result.counties,
          (code) => shade(values[code]?.[at]),
          (code) => `${name(code)}: ${format(values[code]?.[at])}`,
          `${label(chosen.indicator)} ${months[at]}`,
        ),
        h(
          'div',
          { class: 'scale' },
          format(low),
          SHADES.map((each) => {
            const box = h('span', {});
            box.style.background = each;
            return box;
          }),
          format(high),
        ),
      );
    show(
      table,
      h(
        'details',
        { id: 'map-numbers' },
        h('summary', {}, t('dataTable')),
        scrolled(
          t('dataTable'),
          h(
            'table',
            {},
            h(
              'tbody',
              {},
              result.counties.map((code) =>
                h('tr', {}, h('th', { scope: 'row' }, name(code)), h('td', {}, format(values[code]?.[at]))),
              ),
            ),
          ),
        ),
      ),
    );
  }

  const name = (code) => (shapes && shapes.names[code] ? shapes.names[code][lang()] : code);

  function drawing(codes, fill, title, description) {
    const points = codes
      .flatMap((code) => (shapes.outlines[code] ? shapes.outlines[code].flat() : [shapes.points[code]]))
      .filter((each) => each && each[0] !== null);
    const xs = points.map((each) => each[0]),
      ys = points.map((each) => each[1]);
    const left = Math.min(...xs),
      top = Math.max(...ys),
      wide = Math.max(...xs) - left || 1,
      high = top - Math.min(...ys) || 1;
    const stretch = Math.cos(((top - high / 2) * Math.PI) / 180),
      size = (WIDTH - 20) / Math.max(wide * stretch, high);
    const at = ([x, y]) => `${(10 + (x - left) * stretch * size).toFixed(1)},${(10 + (top - y) * size).toFixed(1)}`;
    return h(
      'svg:svg',
      {
        viewBox: `0 0 ${(wide * stretch * size + 20).toFixed(0)} ${(high * size + 20).toFixed(0)}`,
        role: 'img',
        'aria-label': description,
      },
      codes.map((code) => {
        const rings = shapes.outlines[code],
          point = shapes.points[code];
        const shape = rings
          ? h('svg:path', {
              d: rings.map((ring) => `M${ring.map(at).join('L')}Z`).join(''),
              fill: fill(code),
              stroke: '#5b6b74',
              'stroke-width': 0.7,
            })
          : h('svg:circle', {
              cx: at(point).split(',')[0],
              cy: at(point).split(',')[1],
              r: 7,
              fill: fill(code),
              stroke: '#666',
            });
        shape.append(h('svg:title', {}, title(code)));
        return shape;
      }),
      codes.length > MOST_NAMED
        ? null
        : codes.map((code) => {
            const [x, y] = at(shapes.points[code]).split(',');
            return h('svg:text', { x, y, class: 'county-name' }, name(code));
          }),
    );
  }
  return { draw };
}
