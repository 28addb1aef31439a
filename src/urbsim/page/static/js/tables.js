// Headline numbers, targets and costs as tables.

import { once } from './api.js';
import { h, scrolled, show } from './dom.js';
import { amount, indicatorOf } from './indicators.js';
import { both, bracketed, capital, lang, number, percent, t } from './language.js';

export function tableTab(root, runs) {
  function draw() {
    const { headline, headings, scenarios, interval } = runs.result;
    const months = [...new Set(headline.flatMap((block) => block.cells.map((cell) => cell.month)))].sort();
    const body = headline.flatMap((block) => [
      h(
        'tr',
        {},
        h(
          'th',
          { colspan: months.length + 1, scope: 'colgroup', class: 'block' },
          bracketed(both(block.label), both(block.unit)),
        ),
      ),
      ...scenarios.map((scenario) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, scenario),
          months.map((month) => {
            const cell = block.cells.find((each) => each.scenario === scenario && each.month === month)?.[lang()];
            return h(
              'td',
              {},
              cell
                ? [
                    cell.value,
                    cell.interval ? h('small', {}, ` ${cell.interval}`) : null,
                    cell.difference
                      ? h(
                          'div',
                          { class: cell.noise ? 'gap noise' : 'gap' },
                          `${cell.difference} `,
                          h('span', { class: 'month' }, cell.difference_interval),
                        )
                      : null,
                  ]
                : '–',
            );
          }),
        ),
      ),
    ]);
    show(
      root,
      h('p', { class: 'hint' }, both(interval)),
      scrolled(
        t('table'),
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', {}, t('scenario')),
              months.map((month) => h('th', { scope: 'col' }, both(headings[month]) || month)),
            ),
          ),
          h('tbody', {}, body),
        ),
      ),
      scenarios.length > 1 ? h('p', { class: 'hint' }, t('gapText')) : null,
    );
  }
  return { draw };
}

export function targetsTab(root, runs, indicators) {
  function draw() {
    const { targets } = runs.result;
    if (!targets.length) {
      show(root, h('p', {}, t('noTargets')));
      return;
    }
    const of = (name) => indicatorOf(indicators(), name);
    show(
      root,
      scrolled(
        t('targets'),
        h(
          'table',
          { class: 'texts' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              [t('indicator'), t('month'), t('target'), t('scenario'), t('median'), t('interval'), t('chance')].map(
                (each, index) => h('th', { scope: 'col', class: index === 3 ? 'text' : null }, each),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            targets.map((row) => {
              const known = of(row.indicator);
              const word = { at_least: 'atLeast', at_most: 'atMost', about: 'about' }[row.comparator] || row.comparator;
              return h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row' },
                  capital(both(known.label)),
                  !known.percent && both(known.unit) ? h('small', {}, ` (${both(known.unit)})`) : null,
                ),
                h('td', { class: 'month' }, row.month),
                h('td', {}, `${t(word)} ${amount(known, row.target)}`),
                h('td', { class: 'text' }, row.scenario),
                h('td', {}, amount(known, row.median)),
                h(
                  'td',
                  { class: 'month' },
                  row.low === null ? '–' : `${amount(known, row.low)} – ${amount(known, row.high)}`,
                ),
                h(
                  'td',
                  {},
                  row.probability === null || row.probability === undefined
                    ? '–'
                    : `${number(100 * row.probability)} %`,
                ),
              );
            }),
          ),
        ),
      ),
    );
  }
  return { draw };
}

export function costsTab(root, runs) {
  let levers = [];
  once('policies').then((answer) => {
    levers = answer;
    if (runs.result) draw();
  });

  function draw() {
    const { spending, policies, scenarios, cuts, debts } = runs.result;
    if (!spending.length) {
      show(root, h('p', {}, t('noCosts')));
      return;
    }
    const title = (name) => {
      const found = levers.find((each) => each.lever === name);
      return found ? both(found.title) : name;
    };
    const years = [...new Set(spending.map((row) => row.year))].sort();
    const names = [...new Set(spending.map((row) => row.lever))];
    const sum = (rows) => rows.reduce((total, row) => total + row.yuan, 0) / 1e6;
    const tables = scenarios
      .filter((each) => spending.some((row) => row.scenario === each))
      .map((scenario) => {
        const own = spending.filter((row) => row.scenario === scenario);
        return [
          h('h3', {}, bracketed(scenario, t('million'))),
          scrolled(
            scenario,
            h(
              'table',
              {},
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  h('th', {}, ''),
                  years.map((year) => h('th', { scope: 'col' }, year)),
                  h('th', { scope: 'col' }, t('total')),
                ),
              ),
              h(
                'tbody',
                {},
                names
                  .filter((name) => own.some((row) => row.lever === name))
                  .map((name) =>
                    h(
                      'tr',
                      {},
                      h('th', { scope: 'row' }, title(name)),
                      years.map((year) =>
                        h('td', {}, number(sum(own.filter((row) => row.lever === name && row.year === year)), 1)),
                      ),
                      h('td', {}, number(sum(own.filter((row) => row.lever === name)), 1)),
                    ),
                  ),
                h(
                  'tr',
                  { class: 'sum' },
                  h('th', { scope: 'row' }, t('total')),
                  years.map((year) => h('td', {}, number(sum(own.filter((row) => row.year === year)), 1))),
                  h('td', {}, number(sum(own), 1)),
                ),
              ),
            ),
          ),
        ];
      });
    const payers = h(
      'table',
      { class: 'texts' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          [t('scenario'), t('policies'), t('payer'), t('million')].map((each) => h('th', { scope: 'col' }, each)),
        ),
      ),
      h(
        'tbody',
        {},
        policies.map((row) =>
          h(
            'tr',
            {},
            h('td', {}, row.scenario),
            h('td', {}, both(row.title)),
            h('td', {}, t(`payer_${row.payer}`)),
            h('td', {}, number(row.yuan / 1e6, 1)),
          ),
        ),
      ),
    );
    const cut = cuts.length
      ? [
          h('h3', {}, t('cut')),
          scrolled(
            t('cut'),
            h(
              'table',
              { class: 'texts' },
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  ['scenario', 'policies', 'limit', 'firstYear', 'wanted', 'possible', 'share'].map((each) =>
                    h('th', { scope: 'col' }, t(each)),
                  ),
                ),
              ),
              h(
                'tbody',
                {},
                cuts.map((row) =>
                  h(
                    'tr',
                    {},
                    h('td', {}, row.scenario),
                    h('td', {}, both(row.title)),
                    h('td', {}, both(row.limit)),
                    h('td', {}, row.first),
                    h('td', {}, number(row.wanted, 1)),
                    h('td', {}, number(row.possible, 1)),
                    h('td', {}, percent(row.share, 0)),
                  ),
                ),
              ),
            ),
          ),
        ]
      : null;
    show(
      root,
      tables,
      h('h3', {}, t('payer')),
      scrolled(t('payer'), payers),
      cut,
      debts.map((line) => h('p', {}, both(line))),
    );
  }
  return { draw };
}
