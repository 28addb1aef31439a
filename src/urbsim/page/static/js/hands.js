// What a person has in hand: a field that is written in, a control that is pressed, the way from one field to the next.
// Nothing replaces it meanwhile: what was typed, half a click, half a word of Chinese or the focus would be gone with it.

const TEXT = 'input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea';

let written = null,
  pressed = null,
  isLeaving = false;
const live = new WeakSet();
const waiting = new Map();

/** Note that a field is listened to at every letter: what is written in it is known, but for a word half composed. */
export const markLive = (field) => live.add(field);

/** Do what replaces what an element holds, at once or when no part of it is in hand; of several, the last. */
export function whenFree(element, action) {
  waiting.delete(element);
  const isInHand = isLeaving || element.contains(written) || element.contains(pressed);
  if (isInHand && element.hasChildNodes()) waiting.set(element, action);
  else action();
}

/** Do what has waited, once the event at hand is over: what it does itself comes first. */
function release() {
  setTimeout(() => {
    isLeaving = false;
    [...waiting].forEach(catchUp);
  });
}

/** Do what has waited; it was made before the last letters of a field that is listened to, which stay. */
function catchUp([element, action]) {
  const field = document.activeElement;
  whenFree(element, action);
  const heir = live.has(field) && !field.isConnected ? document.getElementById(field.id) : null;
  if (heir) heir.value = field.value;
}

const on = (names, heard) => names.forEach((name) => document.addEventListener(name, heard, true));

on(['input', 'compositionstart'], (event) => {
  const isWord = event.isComposing || event.type === 'compositionstart';
  if (event.target.matches(TEXT) && (isWord || !live.has(event.target))) written = event.target;
});
on(['compositionend'], (event) => {
  if (live.has(event.target)) written = null;
  release();
});
on(['change', 'focusout'], (event) => {
  const isPart = event.target === written && event.target.type === 'month'; // the year may follow
  if (event.type === 'focusout' ? event.target === written : !isPart) written = null;
  if (event.target === pressed) pressed = null;
  release();
});
on(['pointerdown'], (event) => {
  if (event.button === 0) pressed = event.target;
});
on(['keydown'], (event) => {
  if (event.key === ' ' && event.target.matches('button')) pressed = event.target;
  if (event.key === 'Escape') letGo();
  isLeaving = event.key === 'Tab'; // the next field has to be there when the focus comes to it
  if (isLeaving) release();
});
on(['pointerup', 'pointercancel', 'keyup'], () => {
  if (pressed?.tagName !== 'SELECT') letGo(); // its choices stay open until one is taken or it loses the focus
});
window.addEventListener('blur', letGo);

function letGo() {
  pressed = null;
  release();
}
