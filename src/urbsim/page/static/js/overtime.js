// One indicator over time: medians with intervals, levels or differences from the baseline, targets as marks.

import { chart, inMillions, lines, yearOf } from './charts.js';
import { field, folded, h, keep, scrolled, show } from './dom.js';
import { current, look } from './state.js';
import { amount, indicatorOf } from './indicators.js';
import { both, capital, t } from './language.js';

export function chartsTab(root, runs, indicators) {
  const controls = h('div', { class: 'row' }),
    place = h('div', { class: 'chart tall' }),
    table = h('div');
  show(root, controls, place, table);

  function draw() {
    const result = runs.result,
      view = current().view;
    const names = Object.keys(result.series);
    const name = names.includes(view.indicator) ? view.indicator : names[0];
    const known = indicatorOf(indicators(), name);
    const compared = result.scenarios.length > 1;
    const gap = compared && view.difference;
    const labels = names.map((each) => capital(both(indicatorOf(indicators(), each).label)));
    keep(controls, [labels, compared], () => choices({ names, labels, compared, name, difference: view.difference }));
    mark(controls, name, view.difference);
    const { rows, unit, one } = inMillions(
      rowsOf(gap ? result.differences[name] || {} : result.series[name], result.months),
      known,
    );
    const shown = result.scenarios.filter((each) => !gap || each !== result.baseline);
    const title = `${capital(both(known.label))}${gap ? ` – ${t('gap')}` : ''}${runs.isSketch || runs.isOld ? ` [${t('sketch')}]` : ''}`;
    const targets = gap
      ? []
      : result.targets
          .filter((each) => each.indicator === name && !each.since && !each.relative_to)
          .map(({ month, target }) => ({ year: yearOf(month), month, target: target / one }));
    chart(
      place,
      lines({ rows, names: shown, among: result.scenarios, title, unit, percent: known.percent, targets }),
      `${title}. ${both(known.definition)}`,
    );
    numbers(known, unit, rows, shown, result.months);
  }

  function numbers(known, unit, rows, names, months) {
    const format = (value) => amount(known, value);
    const cell = (scenario, month) => {
      const row = rows.find((each) => each.scenario === scenario && each.month === month);
      return row ? `${format(row.median)}${row.low === null ? '' : ` [${format(row.low)}, ${format(row.high)}]`}` : '–';
    };
    show(
      table,
      h('p', { class: 'hint' }, both(known.definition)),
      folded({ id: 'chart-numbers' }, [t('dataTable'), unit ? ` (${unit})` : ''], () =>
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
                h('th', {}, t('month')),
                names.map((each) => h('th', { scope: 'col' }, each)),
              ),
            ),
            h(
              'tbody',
              {},
              months.map((month) =>
                h(
                  'tr',
                  {},
                  h('th', { scope: 'row', class: 'month' }, month),
                  names.map((each) => h('td', {}, cell(each, month))),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }
  return { draw };
}

/** Show what is chosen, in controls that may still be those of before while one of them is in hand. */
function mark(controls, name, difference) {
  const [select, check] = [controls.querySelector('select'), controls.querySelector('input')];
  if (select) select.value = name;
  if (check) check.checked = difference;
}

/** Return the choice of an indicator and, where scenarios are compared, of levels or differences. */
function choices({ names, labels, compared, name, difference }) {
  const choose = (event) => look({ indicator: event.target.value });
  const differ = (event) => look({ difference: event.target.checked });
  const options = names.map((value, position) => h('option', { value, selected: value === name }, labels[position]));
  return [
    field('indicator', t('indicator'), h('select', { id: 'indicator', onchange: choose }, options)),
    compared
      ? h(
          'label',
          { class: 'check' },
          h('input', { type: 'checkbox', id: 'difference', checked: difference, onchange: differ }),
          ` ${t('difference')}`,
        )
      : null,
  ];
}

export function rowsOf(series, months) {
  return Object.entries(series).flatMap(([scenario, values]) =>
    months.map((month, index) => ({
      scenario,
      month,
      year: yearOf(month),
      median: values.median[index],
      low: values.low[index],
      high: values.high[index],
    })),
  );
}
