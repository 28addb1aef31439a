// What the census says of a county, and what of it is estimated.

import { once } from './api.js';
import { chart, HEAD, toldBy } from './charts.js';
import { h, show } from './dom.js';
import { capital, lang, number, percent, t } from './language.js';
import { current } from './state.js';

export function countyCard(root) {
  let shown = '',
    state = null;
  const pyramid = h('div', { class: 'chart' });

  async function load(code) {
    shown = code;
    try {
      const answer = await once(`regions/${code}`);
      if (shown === code) {
        state = answer;
        draw();
      }
    } catch {
      state = null;
      show(root);
    }
  }

  const estimate = (name) => {
    const count = state.estimated[name];
    if (!count) return '';
    return count === '1/1' ? t('estimated') : t('estimatedOf', { count });
  };

  function draw() {
    if (!state) {
      show(root);
      return;
    }
    const { work, zones } = state;
    show(
      root,
      h('h2', {}, t('stateOf', { name: lang() === 'zh' ? state.name : `${capital(state.pinyin)} ${state.name}` })),
      h(
        'dl',
        { class: 'facts' },
        fact(t('residents'), number(state.residents), `${percent(state.urban_share)} ${t('urbanShare')}`),
        fact(t('village'), number(zones.village)),
        fact(t('town'), number(zones.town), estimate('seat')),
        fact(t('seat'), number(zones.seat), estimate('seat')),
        fact(t('registered'), number(state.registered), estimate('registered')),
        fact(t('absent'), number(state.absent), estimate('absent')),
        fact(t('fromElsewhere'), number(state.registered_elsewhere)),
        fact(t('households'), number(state.households)),
        fact(t('employed'), number(work.employed), work.employed ? byIndustry(work) : ''),
        fact(t('pupilsPrimary'), number(state.pupils.primary_pupils)),
        fact(t('pupilsSecondary'), number(state.pupils.secondary_pupils)),
        fact(t('beds'), number(state.beds), estimate('beds')),
      ),
      pyramid,
    );
    drawAges(pyramid, state.ages);
  }

  return {
    draw(what) {
      const first = current().scenarios[0];
      const code = first ? String([first.region].flat()[0]) : '';
      if (!code) {
        shown = '';
        state = null;
        show(root);
        return;
      }
      if (code !== shown) load(code);
      else if (what === 'language' && state) draw();
    },
  };
}

const fact = (label, value, note) =>
  h(
    'div',
    { class: 'fact' },
    h('dt', {}, label),
    h('dd', {}, value, note ? h('small', { class: 'estimate' }, ` ${note}`) : null),
  );

const byIndustry = (work) =>
  ['farm', 'industry', 'services']
    .map((name) => `${t(name)} ${number(work[name])}`)
    .join(lang() === 'zh' ? '，' : ', ');

/** Draw how many people of each age and sex there are. */
function drawAges(place, ages) {
  const values = ages.flatMap((row, order) => [
    { order, age: row.age, sex: 'men', people: -row.male, shown: row.male },
    { order, age: row.age, sex: 'women', people: row.female, shown: row.female },
  ]);
  const words = ['ages', 'age', 'people', 'men', 'women'];
  chart(
    place,
    {
      title: { text: { expr: 'texts.ages' } },
      width: 'container',
      height: 330,
      texts: Object.fromEntries(words.map((name) => [name, t(name)])),
      data: { values },
      mark: { type: 'bar' },
      encoding: {
        y: {
          field: 'age',
          type: 'ordinal',
          sort: { field: 'order', order: 'descending' },
          axis: { title: { expr: 'texts.age' }, labelFontSize: 11 },
        },
        x: {
          field: 'people',
          type: 'quantitative',
          axis: {
            title: { expr: 'texts.people' },
            tickCount: 6,
            labelOverlap: true,
            labelExpr: 'format(abs(datum.value), ",")',
          },
        },
        color: {
          field: 'sex',
          type: 'nominal',
          title: null,
          scale: { domain: ['men', 'women'], range: ['#0072B2', '#D55E00'] },
          legend: { orient: 'top', labelExpr: 'texts[datum.value]' },
        },
        tooltip: toldBy({ [HEAD]: 'texts[datum.sex]', age: 'datum.age', people: 'format(datum.shown, ",")' }),
      },
    },
    t('ages'),
  );
}
