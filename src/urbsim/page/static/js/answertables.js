// Tables that the server has written, in the language of the page.

import { h, scrolled } from './dom.js';
import { both, lang, t } from './language.js';

/** Return whether a cell holds numbers with their intervals: such columns stand at the right. */
const isNumber = (cell) => /^[\d\s.,%+−–\-[\]()]*$/.test(cell);

export function tableOf(table) {
  const title = both(table.title),
    rows = table.rows[lang()];
  const side = table.headings.map((_, index) => (rows.every((row) => isNumber(row[index])) ? null : 'text'));
  return h(
    'section',
    {},
    title ? h('h3', {}, title) : null,
    scrolled(
      title || t('table'),
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            table.headings.map((heading, index) => h('th', { scope: 'col', class: side[index] }, both(heading))),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map((row) =>
            h(
              'tr',
              {},
              row.map((cell, index) => h(index ? 'td' : 'th', index ? { class: side[index] } : { scope: 'row' }, cell)),
            ),
          ),
        ),
      ),
    ),
    table.note && both(table.note) ? h('p', { class: 'hint' }, both(table.note)) : null,
  );
}
