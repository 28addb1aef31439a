// Starts the page: language, link, rooms, and what is drawn anew when something changes.

import { announce, h, keep, refocused } from './dom.js';
import { explore } from './explore.js';
import { jobsRoom } from './jobs.js';
import { lessonsRoom } from './lessons.js';
import { studentPage } from './classroom.js';
import { begin, canRedo, canUndo, current, link, look, onChange, redo, undo, unpacked } from './state.js';
import { lang, setLanguage, t } from './language.js';

const ROOMS = { explore, lessons: lessonsRoom, jobs: jobsRoom };
let room = null,
  roomName = '';

function head() {
  const view = current().view;
  const tab = (name) =>
    h(
      'a',
      {
        href: '#',
        id: `room-${name}`,
        class: 'room',
        'aria-current': view.room === name ? 'page' : null,
        onclick: (event) => {
          event.preventDefault();
          look({ room: name });
        },
      },
      t(name),
    );
  keep(document.getElementById('top'), [view.room, canUndo(), canRedo()], () => [
    h('div', { class: 'brand' }, h('strong', {}, 'urbsim'), h('span', { class: 'motto' }, t('title'))),
    h('nav', { 'aria-label': 'urbsim' }, Object.keys(ROOMS).map(tab)),
    h(
      'div',
      { class: 'tools' },
      h('button', { id: 'undo', type: 'button', disabled: !canUndo(), onclick: undo }, t('undo')),
      h('button', { id: 'redo', type: 'button', disabled: !canRedo(), onclick: redo }, t('redo')),
      h('button', { id: 'link', type: 'button', onclick: copyLink }, t('link')),
      h(
        'button',
        {
          id: 'language',
          type: 'button',
          lang: lang() === 'zh' ? 'en' : 'zh-CN',
          onclick: () => look({ lang: lang() === 'zh' ? 'en' : 'zh' }),
        },
        t('language'),
      ),
    ),
  ]);
  keep(document.getElementById('skip'), [], () => [t('skip')]);
  keep(document.getElementById('foot'), [], () => [h('p', {}, t('foot'))]);
}

async function copyLink() {
  const address = await link();
  try {
    await navigator.clipboard.writeText(address);
    announce(t('linkCopied'));
  } catch {
    announce(t('linkHere'));
  }
  const button = document.getElementById('link');
  button.textContent = '✓';
  setTimeout(() => {
    button.textContent = t('link');
  }, 1200);
}

function draw(what) {
  const view = current().view;
  if (view.lang && view.lang !== lang()) {
    setLanguage(view.lang);
    try {
      localStorage.setItem('urbsim-language', view.lang);
    } catch {
      /* a browser that keeps nothing */
    }
    what = 'language';
  }
  if (view.room !== roomName || !room) {
    if (room && room.leave) room.leave();
    roomName = ROOMS[view.room] ? view.room : 'explore';
    const place = document.getElementById('main');
    place.replaceChildren();
    place.className = `in-${roomName}`;
    room = ROOMS[roomName](place);
    what = 'language';
  }
  const all = () => {
    room.draw(what);
    head();
  };
  if (what === 'language') refocused(all);
  else all();
}

function preferred() {
  let kept = '';
  try {
    kept = localStorage.getItem('urbsim-language') || '';
  } catch {
    /* a browser that keeps nothing */
  }
  return kept || ((navigator.language || '').startsWith('zh') ? 'zh' : 'en');
}

document.addEventListener('keydown', (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || '');
  if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  (event.shiftKey ? redo : undo)();
});
window.addEventListener('hashchange', async () => {
  const found = await unpacked(location.hash);
  if (found) begin(found);
});

setLanguage(preferred());
if (location.pathname === '/class') studentPage(document.getElementById('main'));
else {
  const found = await unpacked(location.hash);
  onChange(draw);
  begin(found || {});
}
