// The language of the page: its texts, those that the server sends in both languages, and numbers.

import { WORDS } from './words.js';

let language = 'en';

export const lang = () => language;
export function setLanguage(name) {
  language = name === 'zh' ? 'zh' : 'en';
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = `urbsim – ${t('title')}`;
}

/** Return a text of the page, with what stands in braces filled in. */
export function t(key, given = {}) {
  const text = WORDS[key] ? WORDS[key][language === 'zh' ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));
}

/** Return a text of the page in both languages, as the server sends its own. */
export const pair = (key) => ({ en: WORDS[key][0], zh: WORDS[key][1] });

/** Return a text that the server sent in both languages. */
export const both = (label) =>
  label && typeof label === 'object' ? (label[language] ?? label.en ?? '') : (label ?? '');

/** Return a text with more of it in the brackets of the language, such as its unit; without more, no brackets. */
export function bracketed(text, more) {
  if (more === '' || more === undefined) return text;
  return lang() === 'zh' ? `${text}（${more}）` : `${text} (${more})`;
}

export const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** How numbers are written, by their decimals: a page writes hundreds, and making a format takes longer than using it. */
const formats = new Map();

/** Return a number as people read it. */
export function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!formats.has(digits))
    formats.set(
      digits,
      new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    );
  return formats.get(digits).format(value).replace('-', '−');
}

export const percent = (value, digits = 1) =>
  value === null || value === undefined ? '–' : `${number(100 * value, digits)}\u00a0%`;
