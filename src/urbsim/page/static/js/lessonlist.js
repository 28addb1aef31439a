// The lessons there are, to choose one from.

import { h } from './dom.js';
import { both, t } from './language.js';
import { look } from './state.js';

/** Return the list of lessons; `title` is the id of its heading. */
export const lessonList = (lessons, title) =>
  h(
    'div',
    { class: 'card' },
    h('h2', { id: title, tabindex: -1 }, t('lessons')),
    h('p', {}, t('lessonsText')),
    h('ol', { class: 'lessons' }, lessons.map(entry)),
  );

const entry = ({ id, title, question }) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'plain', id: `lesson-${id}`, onclick: () => look({ lesson: id, step: 0 }) },
      h('strong', {}, both(title)),
      h('small', {}, both(question)),
    ),
  );
