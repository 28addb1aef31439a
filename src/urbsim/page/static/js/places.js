// Finding a county by name, pinyin, code or on the map, or a scenario to start from.

import { once, get } from './api.js';
import { announce, folded, h, later, show } from './dom.js';
import { countryMap } from './countrymap.js';
import { both, number, t } from './language.js';
import { startFrom, usePlace } from './starts.js';
import { current } from './state.js';

export function picker(root) {
  let found = null,
    text = '',
    active = -1,
    map = null,
    shipped = [];
  const search = later(120, async () => {
    if (!text.trim()) {
      found = null;
      draw();
      return;
    }
    const asked = text;
    try {
      const answer = await get(`regions?text=${encodeURIComponent(asked)}`);
      if (asked === text) {
        found = answer;
        active = -1;
        draw();
      }
    } catch (error) {
      announce(error.message);
    }
  });
  const list = () => (found ? (found.found.length ? found.found : found.suggestions) : []);
  const choose = (place) => {
    found = null;
    text = '';
    active = -1;
    usePlace(place);
    draw();
  };

  function keys(event) {
    const places = list();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (places.length) active = (active + (event.key === 'ArrowDown' ? 1 : -1) + places.length) % places.length;
      draw();
    } else if (event.key === 'Enter' && places.length) {
      event.preventDefault();
      choose(places[Math.max(active, 0)]);
    } else if (event.key === 'Escape') {
      found = null;
      draw();
    }
  }

  const option = (place, position) =>
    h(
      'li',
      {
        id: `place-${position}`,
        role: 'option',
        'aria-selected': position === active ? 'true' : 'false',
        onclick: () => choose(place),
      },
      h('span', {}, place.name, ' ', h('small', {}, place.pinyin)),
      h('small', {}, `${place.within} ${place.code}`, ` · ${number(place.residents)}`),
    );

  async function toggleMap() {
    map = map ? null : h('div', { class: 'picker-map' });
    draw();
    if (map) countryMap(map, choose);
  }

  function draw() {
    const places = list();
    show(
      root,
      h('h2', {}, t('place')),
      h('label', { for: 'search' }, t('search')),
      h('input', {
        id: 'search',
        type: 'search',
        value: text,
        placeholder: t('searchHint'),
        autocomplete: 'off',
        role: 'combobox',
        'aria-expanded': places.length ? 'true' : 'false',
        'aria-controls': 'places',
        'aria-autocomplete': 'list',
        'aria-activedescendant': active >= 0 && places.length ? `place-${active}` : null,
        oninput: (event) => {
          text = event.target.value;
          search();
        },
        onkeydown: keys,
      }),
      found && !found.found.length
        ? h('p', { class: 'hint' }, found.suggestions.length ? t('noPlace') : t('noneAtAll'))
        : null,
      h(
        'ul',
        { id: 'places', role: 'listbox', 'aria-label': t('search'), class: 'found', hidden: !places.length },
        places.map(option),
      ),
      h(
        'div',
        { class: 'row' },
        h(
          'button',
          { id: 'map-toggle', type: 'button', 'aria-expanded': map ? 'true' : 'false', onclick: toggleMap },
          t('onMap'),
        ),
      ),
      map,
      startList(),
    );
  }

  function startList() {
    const isFirst = current().scenarios.length === 0;
    const button = (each) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'plain', id: `start-${each.id}`, onclick: () => startFrom(each.id) },
          h('span', {}, t('named', { place: both(each.region), name: both(each.name) })),
          h('small', {}, both(each.description)),
        ),
      );
    return folded({ id: isFirst ? 'start-from' : 'start-other', open: isFirst }, t('startFrom'), () =>
      shipped.length ? h('ul', { class: 'starts' }, shipped.map(button)) : h('p', { class: 'hint' }, t('loading')),
    );
  }
  once('scenarios')
    .then((answer) => {
      shipped = answer;
      draw();
    })
    .catch((error) => announce(error.message));
  return {
    draw(what) {
      if (what !== 'view') draw();
      if (what === 'language' && map) countryMap(map, choose);
    },
  };
}
