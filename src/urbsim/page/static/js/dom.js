// Building what is shown. Text becomes text nodes only: nothing that a person typed is ever read as HTML.

import { markLive, whenFree } from './hands.js';
import { lang } from './language.js';

/** Return an element; attributes that begin with `on` are listeners, `false` and `null` leave an attribute out. */
export function h(tag, attributes, ...children) {
  const element = tag.startsWith('svg:')
    ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'oninput') markLive(element);
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false)
      element.append(document.createTextNode(String(child)));
  }
}

/** Replace what an element holds, when no part of it is in hand; whoever had the focus keeps it, by its id. */
export const show = (element, ...children) => whenFree(element, () => replace(element, children));

function replace(element, children) {
  const again = element.contains(document.activeElement) ? focused(element) : null;
  const open = new Set([...element.querySelectorAll('details[id][open]')].map((each) => each.id));
  element.replaceChildren();
  add(element, children);
  for (const name of open) {
    const found = document.getElementById(name);
    if (found) found.open = true;
  }
  if (again) again();
}

/**
 * Do what replaces most of the page; whoever had the focus has it afterwards. It is taken away before anything changes:
 * a browser lays the page out when an element with the focus goes, and once more when another gets it.
 */
export function refocused(action) {
  const again = focused();
  document.activeElement?.blur();
  action();
  again();
}

/**
 * Return what gives the focus back to the one that has it now, or to what took its place below `root`, with its cursor: of
 * the same id, or where there is none any more the next control that is still there. A field that does not tell its
 * cursor is selected whole, as when one comes to it: what is typed then takes the place of its number.
 */
function focused(root = document.body) {
  const active = document.activeElement;
  const range = active?.id ? selected(active) : null;
  const heirs = heirsOf(active, root);
  return () => {
    const isSelf = (each) => each.type === 'button' && each.id === active.id;
    const isHeir = (each) => each?.checkVisibility() && (!each.disabled || isSelf(each));
    const found = heirs.map((id) => document.getElementById(id)).find(isHeir);
    if (!found || found === document.activeElement) return;
    if (found.disabled) stayDisabled(found);
    found.focus({ preventScroll: true });
    if (range && found.id === active.id) found.setSelectionRange?.(...range);
    else if (found.type === 'number') found.select();
  };
}

/** Return the ids of a control and of those that may have the focus in its stead: those after it, then those before. */
function heirsOf(active, root) {
  const ids = [...root.querySelectorAll('[id]:is(a[href], button, input, select, textarea)')].map((each) => each.id);
  const position = ids.indexOf(active?.id);
  return position < 0 ? [active?.id].filter(Boolean) : [...ids.slice(position), ...ids.slice(0, position).reverse()];
}

/** Let a button have the focus that can do nothing at the moment, so that whoever pressed it is still there afterwards. */
function stayDisabled(button) {
  button.disabled = false;
  button.setAttribute('aria-disabled', 'true');
  button.addEventListener('click', (event) => event.stopImmediatePropagation(), true);
}

/** Return the cursor of a field, null where it is of a kind without one. */
function selected(field) {
  return typeof field.selectionStart === 'number' ? [field.selectionStart, field.selectionEnd] : null;
}

/** Replace what an element holds with what `make` returns, where its language or `facts` have changed since. */
export function keep(element, facts, make) {
  const now = JSON.stringify([lang(), ...facts]);
  if (element.facts === now) return;
  element.facts = now;
  show(element, ...make());
}

/** Return a table that is moved sideways where it is wider than the window. */
export const scrolled = (label, table) =>
  h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table);

/** Return details under a summary, which are made once they are opened. */
export function folded(attributes, summary, make) {
  let isMade = false;
  const element = h('details', attributes, h('summary', {}, summary));
  element.addEventListener('toggle', () => {
    if (!element.open || isMade) return;
    isMade = true;
    add(element, [make()]);
  });
  return element;
}

/** Return a control under its label; `id` is that of the control. */
export const field = (id, label, control, ...more) =>
  h('div', { class: 'field' }, h('label', { for: id }, label), control, more);

/**
 * Return a choice that acts at once: the arrows open its list in place of taking the next entry, so that whoever uses the
 * keyboard can look before something happens.
 */
export const actingSelect = (attributes, ...options) => h('select', { ...attributes, onkeydown: openList }, ...options);

function openList(event) {
  if (!['ArrowDown', 'ArrowUp'].includes(event.key) || !event.target.showPicker) return;
  event.preventDefault();
  event.target.showPicker();
}

/** A year that is still being written: 0020 on the way to 2020. */
const HALF_A_YEAR = /^0/;

/** Return a field for a month, written YYYY-MM where a browser has none of its own; `set(month)` hears whole ones, '' for none. */
export const monthInput = (attributes, set) =>
  h('input', {
    type: 'month',
    pattern: '\\d{4}-\\d{2}',
    placeholder: 'YYYY-MM',
    ...attributes,
    onchange: ({ target }) => {
      if (!HALF_A_YEAR.test(target.value)) set(target.value, target);
    },
  });

/** Say something to those who listen instead of looking. */
export function announce(text) {
  const place = document.getElementById('announce');
  place.textContent = '';
  setTimeout(() => {
    place.textContent = text;
  }, 30);
}

/** Call a function once a person has stopped for some milliseconds. */
export function later(milliseconds, action) {
  let waiting = 0;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => action(...given), milliseconds);
  };
}

/** Offer text or data as a file. */
export function save(name, data, type) {
  const address = URL.createObjectURL(new Blob([data], { type }));
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
