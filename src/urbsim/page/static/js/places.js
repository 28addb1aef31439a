// Finding a county by name, pinyin, code or on the map, and what the census says of it.

import { once, get } from './api.js';
import { chart, HEAD, told } from './charts.js';
import { announce, h, later, show } from './dom.js';
import { countryMap } from './countrymap.js';
import { change, current, look } from './state.js';
import { both, capital, lang, number, percent, t } from './words.js';

/** Return the scenario that a region begins with. */
export const firstScenario = (place) => ({
  name: t('defaultBaseline'), description: '', region: place.code, start: '2020-11', until: '2035-12', scale: 0.02,
});

export function usePlace(place) {
  change((state) => {
    state.scenarios = [firstScenario(place)];
    state.settings.scale = scaleFor(place.residents);
    delete state.settings.until;
  });
  look({ current: 0 });
}

/** A share that simulates about ten thousand people. */
export const scaleFor = (residents) => Number(Math.min(1, Math.max(0.0002, 10000 / residents)).toPrecision(1));

export function picker(root) {
  let found = null, text = '', active = -1, map = null, shipped = [];
  const search = later(120, async () => {
    if (!text.trim()) { found = null; draw(); return; }
    const asked = text;
    try { const answer = await get(`regions?text=${encodeURIComponent(asked)}`); if (asked === text) { found = answer; active = -1; draw(); } } catch (error) { announce(error.message); }
  });
  const list = () => (found ? (found.found.length ? found.found : found.suggestions) : []);
  const choose = (place) => { found = null; text = ''; active = -1; usePlace(place); draw(); };

  function keys(event) {
    const places = list();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (places.length) active = (active + (event.key === 'ArrowDown' ? 1 : -1) + places.length) % places.length;
      draw();
    } else if (event.key === 'Enter' && places.length) { event.preventDefault(); choose(places[Math.max(active, 0)]); }
    else if (event.key === 'Escape') { found = null; draw(); }
  }

  const option = (place, position) => h('li', {
    id: `place-${position}`, role: 'option', 'aria-selected': position === active ? 'true' : 'false', onclick: () => choose(place),
  }, h('span', {}, place.name, ' ', h('small', {}, place.pinyin)), h('small', {}, `${place.within} ${place.code}`, ` · ${number(place.residents)}`));

  async function toggleMap() {
    map = map ? null : h('div', { class: 'picker-map' });
    draw();
    if (map) countryMap(map, choose);
  }

  function draw() {
    const places = list();
    show(root,
      h('h2', {}, t('place')),
      h('label', { for: 'search' }, t('search')),
      h('input', {
        id: 'search', type: 'search', value: text, placeholder: t('searchHint'), autocomplete: 'off', role: 'combobox',
        'aria-expanded': places.length ? 'true' : 'false', 'aria-controls': 'places', 'aria-autocomplete': 'list',
        'aria-activedescendant': active >= 0 && places.length ? `place-${active}` : null,
        oninput: (event) => { text = event.target.value; search(); }, onkeydown: keys,
      }),
      found && !found.found.length ? h('p', { class: 'hint' }, found.suggestions.length ? t('noPlace') : t('noneAtAll')) : null,
      h('ul', { id: 'places', role: 'listbox', 'aria-label': t('search'), class: 'found', hidden: !places.length }, places.map(option)),
      h('div', { class: 'row' },
        h('button', { id: 'map-toggle', type: 'button', 'aria-expanded': map ? 'true' : 'false', onclick: toggleMap }, t('onMap'))),
      map,
      startList());
  }

  function startList() {
    return h('details', { id: current().scenarios.length ? 'start-other' : 'start-from', open: current().scenarios.length === 0 },
      h('summary', {}, t('startFrom')),
      shipped.length ? null : h('p', { class: 'hint' }, t('loading')),
      h('ul', { class: 'starts', hidden: !shipped.length }, shipped.map((each) => h('li', {},
        h('button', { type: 'button', class: 'plain', id: `start-${each.id}`, onclick: () => startFrom(each.id) },
          h('span', {}, t('named', { place: both(each.region), name: both(each.name) })), h('small', {}, both(each.description)))))));
  }
  once('scenarios').then((answer) => { shipped = answer; draw(); }).catch((error) => announce(error.message));
  return { draw(what) { if (what !== 'view') draw(); if (what === 'language' && map) countryMap(map, choose); } };
}

/** Return a scenario that comes with urbsim, called what the page calls it. */
export async function shippedScenario(id) {
  const [answer, listed] = await Promise.all([once(`scenarios/${id}`), once('scenarios')]);
  const told = listed.find((each) => each.id === id);
  return { ...structuredClone(answer.scenario), ...(told ? { name: both(told.name), description: both(told.description) } : {}) };
}

/** Begin with a scenario that comes with urbsim, beside the baseline of its folder. */
async function startFrom(id) {
  const folder = id.split('/')[0];
  const names = id.endsWith('/baseline.yaml') ? [id] : [`${folder}/baseline.yaml`, id];
  const documents = (await Promise.all(names.map((name) => shippedScenario(name).catch(() => null)))).filter(Boolean);
  if (documents.length === 2 && ['region', 'start', 'until'].some((key) => JSON.stringify(documents[0][key]) !== JSON.stringify(documents[1][key]))) documents.shift();
  const place = await get(`regions/${[documents[0].region].flat()[0]}`).catch(() => null);
  change((state) => {
    state.scenarios = documents;
    state.settings.scale = place ? Math.min(documents[0].scale || 1, scaleFor(place.residents)) : documents[0].scale;
    delete state.settings.until;
  });
  look({ current: documents.length - 1 });
}

export function countyCard(root) {
  let shown = '', state = null;
  const pyramid = h('div', { class: 'chart' });

  async function load(code) {
    shown = code;
    try { const answer = await once(`regions/${code}`); if (shown === code) { state = answer; draw(); } } catch { state = null; show(root); }
  }

  const fact = (label, value, note) => h('div', { class: 'fact' }, h('dt', {}, label), h('dd', {}, value, note ? h('small', { class: 'estimate' }, ` ${note}`) : null));
  const estimate = (name) => {
    const count = state.estimated[name];
    if (!count) return '';
    return count === '1/1' ? t('estimated') : t('estimatedOf', { count });
  };

  function draw() {
    if (!state) { show(root); return; }
    const work = state.work, zones = state.zones;
    show(root,
      h('h2', {}, t('stateOf', { name: lang() === 'zh' ? state.name : `${capital(state.pinyin)} ${state.name}` })),
      h('dl', { class: 'facts' },
        fact(t('residents'), number(state.residents), `${percent(state.urban_share)} ${t('urbanShare')}`),
        fact(t('village'), number(zones.village)),
        fact(t('town'), number(zones.town), estimate('seat')),
        fact(t('seat'), number(zones.seat), estimate('seat')),
        fact(t('registered'), number(state.registered), estimate('registered')),
        fact(t('absent'), number(state.absent), estimate('absent')),
        fact(t('fromElsewhere'), number(state.registered_elsewhere)),
        fact(t('households'), number(state.households)),
        fact(t('employed'), number(work.employed), work.employed ? ['farm', 'industry', 'services'].map((name) => `${t(name)} ${number(work[name])}`).join(lang() === 'zh' ? '，' : ', ') : ''),
        fact(t('pupilsPrimary'), number(state.pupils.primary_pupils)),
        fact(t('pupilsSecondary'), number(state.pupils.secondary_pupils)),
        fact(t('beds'), number(state.beds), estimate('beds'))),
      pyramid);
    drawAges();
  }

  function drawAges() {
    const values = state.ages.flatMap((row, order) => [
      { order, age: row.age, sex: t('men'), people: -row.male, shown: row.male },
      { order, age: row.age, sex: t('women'), people: row.female, shown: row.female },
    ]);
    chart(pyramid, {
      title: t('ages'), width: 'container', height: 330, data: { values },
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'age', type: 'ordinal', sort: { field: 'order', order: 'descending' }, title: t('age'), axis: { labelFontSize: 11 } },
        x: { field: 'people', type: 'quantitative', title: t('people'), axis: { tickCount: 6, labelOverlap: true, labelExpr: 'format(abs(datum.value), ",")' } },
        color: { field: 'sex', type: 'nominal', title: null, scale: { domain: [t('men'), t('women')], range: ['#0072B2', '#D55E00'] }, legend: { orient: 'top' } },
        tooltip: told(['sex', HEAD], ['age', t('age')], ['shown', t('people'), ',']),
      },
    }, t('ages'));
  }

  return {
    draw(what) {
      const first = current().scenarios[0];
      const code = first ? String([first.region].flat()[0]) : '';
      if (!code) { shown = ''; state = null; show(root); return; }
      if (code !== shown) load(code);
      else if (what === 'language' && state) draw();
    },
  };
}
