// What is wrong with a scenario or a setting, in words.

import { h } from './dom.js';
import { both, t } from './language.js';

/** Letters of what is allowed that are shown beside what was probably meant. */
const MOST_ALLOWED = 160;

/** Return all that is wrong as a list. */
export function problemList(problems) {
  return h(
    'div',
    { role: 'alert' },
    h(
      'ul',
      { class: 'problems' },
      problems.map((each) => h('li', {}, problemText(each))),
    ),
  );
}

/** Return what is wrong, where, what is allowed and what was probably meant. */
export function problemText(problem) {
  const parts = [];
  if (problem.line) parts.push(t('lineColumn', { line: problem.line, column: problem.column }));
  parts.push(problem.key ? `${problem.key}: ${both(problem.found)}` : both(problem.found));
  if (problem.suggestion) parts.push(t('meant', { word: problem.suggestion }));
  const allowed = both(problem.allowed);
  if (allowed && !(problem.suggestion && allowed.length > MOST_ALLOWED)) parts.push(`${t('allowed')}: ${allowed}`);
  return parts.join('; ');
}
