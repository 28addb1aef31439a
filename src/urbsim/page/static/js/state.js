// What a person has made: scenarios and settings, with undo, and a link that holds all of it.

import { both } from './language.js';

const MOST_STEPS = 100;

const EMPTY = {
  scenarios: [],
  settings: { scale: 0.02, draws: 8, seed: 0 },
  view: {
    room: 'explore',
    tab: 'charts',
    indicator: 'urbanization_rate',
    difference: false,
    current: 0,
    lang: '',
    lesson: '',
    step: 0,
    asked: [],
  },
};

let state = structuredClone(EMPTY);
const past = [],
  future = [];
const listeners = new Set();

export const current = () => state;
export const onChange = (listener) => listeners.add(listener);
export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

const tell = (what) => listeners.forEach((listener) => listener(what));

/** Change scenarios or settings: a step that can be undone. */
export function change(edit) {
  const next = structuredClone(state);
  edit(next);
  if (JSON.stringify([next.scenarios, next.settings]) === JSON.stringify([state.scenarios, state.settings])) return;
  past.push(state);
  if (past.length > MOST_STEPS) past.shift();
  future.length = 0;
  next.view.asked = []; // an answer is of the scenarios that it was asked of
  state = next;
  write();
  tell('content');
}

/** Change what is looked at: nothing to undo, nothing to simulate. */
export function look(edit) {
  Object.assign(state.view, edit);
  write(0); // a step is rare, and whoever reloads right after it comes back to it
  tell('view');
}

/** Remember what is looked at, for the link, without drawing anything anew. */
export function note(edit) {
  Object.assign(state.view, edit);
  write();
}

export function undo() {
  step(past, future);
}
export function redo() {
  step(future, past);
}

function step(from, to) {
  if (!from.length) return;
  to.push(state);
  state = { ...structuredClone(from.pop()), view: state.view };
  state.view.current = Math.min(state.view.current, Math.max(state.scenarios.length - 1, 0));
  write();
  tell('content');
}

/** Begin with the state of a link. */
export function begin(found) {
  state = { ...structuredClone(EMPTY), ...found, view: { ...EMPTY.view, ...(found.view || {}) } };
  state.settings = { ...EMPTY.settings, ...(found.settings || {}) };
  if (!Array.isArray(state.view.asked)) state.view.asked = [];
  tell('content');
}

let writing = 0,
  turn = 0,
  written = '';
function write(delay = 120) {
  clearTimeout(writing);
  writing = setTimeout(async () => {
    const mine = ++turn;
    const hash = await packed(state);
    if (mine !== turn || hash === written) return; // a link that took longer to pack must not take a later one's place
    written = hash;
    history.replaceState(null, '', `#${hash}`);
  }, delay);
}

/** Return the whole link of the present state. */
export async function link() {
  return `${location.origin}${location.pathname}#${await packed(state)}`;
}

async function packed(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const small = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = '';
  for (const byte of small) text += String.fromCharCode(byte);
  return `s=${btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** Return the state that a link holds, null where it holds none. */
export async function unpacked(hash) {
  const found = /^#?s=([\w-]+)$/.exec(hash);
  if (!found) return null;
  if (found[1] === written.slice(2)) return null;
  try {
    const text = atob(found[1].replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const value = JSON.parse(await new Response(stream).text());
    return value && Array.isArray(value.scenarios) && value.scenarios.every((each) => each && typeof each === 'object')
      ? value
      : null;
  } catch {
    return null;
  }
}

/** Return a scenario whose name and description are those of one language, as the page edits them. */
export const inOneLanguage = (scenario) => ({
  ...scenario,
  name: both(scenario.name),
  description: both(scenario.description),
});

/** Return what the view holds once a kind of question was asked; whoever opens its link sees the answer. */
export const askedToo = (kind) => [...new Set([...state.view.asked, kind])];

/** Return a name that no scenario has. */
export function freeName(name) {
  const taken = new Set(state.scenarios.map((each) => each.name));
  let candidate = name;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${name} ${number}`;
  return candidate;
}
