// What an indicator is called, and how its values are written.

import { number, percent } from './language.js';

/** Return an indicator of a list by its name; one that is not in it is called by that. */
export const indicatorOf = (all, name) =>
  all.find((each) => each.name === name) || { label: name, unit: '', percent: false, definition: '' };

/** Return a value of an indicator as people read it. */
export function amount(known, value) {
  if (value === null || value === undefined) return '–';
  return known.percent ? percent(value) : number(value, Math.abs(value) < 10 ? 2 : 0);
}
