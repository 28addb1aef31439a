// One household through its years, and why one of its people chose as she did.

import { finished, get, post } from './api.js';
import { field, h, monthInput, scrolled, show } from './dom.js';
import { askedToo, current, look } from './state.js';
import { both, bracketed, lang, number, t } from './language.js';

const WHO = { en: 'female 25-30 village', zh: '女 25-30 村' };
const LETTERS = { village: ['V', '村'], town: ['T', '镇'], seat: ['S', '城'], near: ['N', '省'], far: ['F', '外'] };

export function householdTab(root, runs, indicators, given = null) {
  let who = (!given && current().view.who) || WHO[lang()],
    found = null,
    error = null,
    busy = false,
    choice = null,
    month = '',
    of = '';
  const form = h('div', {}),
    outcome = h('div', { 'aria-live': 'polite' });
  show(root, form, outcome);

  /** What is simulated: the state of the page, or the scenarios of a lesson. */
  const asked = () => {
    if (given) return given;
    const { scenarios, settings } = current();
    return {
      scenarios,
      scale: Math.min(settings.scale, 0.02),
      seed: settings.seed,
      ...(settings.until ? { until: settings.until } : {}),
    };
  };

  /** Return what a scenario is called in the language of the moment; those of a lesson have a name in each. */
  const titleOf = (name) => both(asked().scenarios.find((each) => each.name.en === name)?.name ?? name);

  /** What is asked; the words that stand there at first mean the same in both languages. */
  const question = () => ({ ...asked(), person: Object.values(WHO).includes(who) ? WHO.en : who });

  async function follow() {
    const body = question();
    of = JSON.stringify(body);
    busy = true;
    error = null;
    found = null;
    choice = null;
    if (!given) look({ asked: askedToo('household'), who });
    draw();
    try {
      const job = await finished(await post('household', body));
      found = await get(`jobs/${job.id}/result`);
    } catch (problem) {
      error = problem;
    }
    busy = false;
    draw();
  }

  async function why(scenario, key) {
    busy = true;
    choice = null;
    draw();
    const { scenarios, scale, seed } = asked();
    try {
      const job = await finished(
        await post('trace', { scenario: scenarios[scenario], person: key, month, scale, seed }),
      );
      choice = await get(`jobs/${job.id}/result`);
    } catch (problem) {
      error = problem;
    }
    busy = false;
    draw();
  }

  function draw() {
    if (Object.values(WHO).includes(who)) who = WHO[lang()];
    if (!month) month = `${Number(runs.result.start.slice(0, 4)) + 4}-09`;
    show(
      form,
      h('p', { class: 'hint' }, t('householdText')),
      h(
        'div',
        { class: 'row' },
        h(
          'div',
          { class: 'field grow' },
          h('label', { for: 'who' }, t('who')),
          h('input', {
            id: 'who',
            value: who,
            maxlength: 200,
            'aria-describedby': 'who-hint',
            oninput: (event) => {
              who = event.target.value;
            },
          }),
        ),
        h(
          'button',
          { type: 'button', id: 'follow', class: 'main', disabled: busy, onclick: follow },
          busy ? t('loading') : t('follow'),
        ),
      ),
      h('small', { id: 'who-hint' }, t('whoHint')),
    );
    show(
      outcome,
      error ? h('p', { class: 'problem', role: 'alert' }, error.message) : null,
      found && of !== JSON.stringify(question()) ? h('p', { class: 'hint' }, t('ofBefore')) : null,
      found ? found.lives.map((life, position) => lifeOf(life, position, found.words)) : null,
      choice ? choiceOf(choice) : null,
    );
    if (!given && current().view.asked.includes('household') && !of) follow(); // as the link says
  }

  function lifeOf(life, position, words) {
    const years = [...new Set(life.members.map((row) => row.month.slice(0, 4)))].sort();
    const keys = [...new Set(life.members.map((row) => row.key))];
    const cell = (key, year) => {
      const row = life.members.filter((each) => each.key === key && each.month.slice(0, 4) <= year).at(-1);
      if (
        !row ||
        !row.alive ||
        (row.month.slice(0, 4) < year && life.members.find((each) => each.key === key).month.slice(0, 4) > year)
      )
        return h('td', {});
      const doing = row.stage !== 'none' ? both(words.stage[row.stage]) : both(words.work[row.work]);
      return h(
        'td',
        { class: `zone ${row.zone}`, title: `${both(words.zone[row.zone])}; ${doing}` },
        LETTERS[row.zone][lang() === 'zh' ? 1 : 0],
        h('small', { class: 'unseen' }, ` ${both(words.zone[row.zone])}; ${doing}`),
      );
    };
    const first = (key) => life.members.find((each) => each.key === key),
      events = eventsOf(life, words);
    return h(
      'section',
      {},
      h('h3', {}, titleOf(life.scenario)),
      scrolled(
        titleOf(life.scenario),
        h(
          'table',
          { class: 'life' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', {}, ''),
              years.map((year) => h('th', { scope: 'col' }, year.slice(2))),
            ),
          ),
          h(
            'tbody',
            {},
            keys.map((key) =>
              h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row' },
                  `${t(first(key).sex === 'female' ? 'woman' : 'man')} *${Number(first(key).month.slice(0, 4)) - first(key).age}${first(key).followed ? ' ●' : ''}`,
                ),
                years.map((year) => cell(key, year)),
              ),
            ),
          ),
        ),
      ),
      h(
        'p',
        { class: 'hint' },
        Object.keys(LETTERS).map((zone) => [
          h('span', { class: `zone ${zone} key` }, LETTERS[zone][lang() === 'zh' ? 1 : 0]),
          ` ${both(words.zone[zone])}  `,
        ]),
        t('lifeKey'),
      ),
      events.length
        ? h(
            'ul',
            { class: 'events' },
            events.map((event) => h('li', {}, event)),
          )
        : h('p', {}, t('noEvents')),
      h(
        'div',
        { class: 'row' },
        field(
          `why-${position}`,
          t('month'),
          monthInput({ id: `why-${position}`, value: month }, (chosen) => {
            month = chosen;
          }),
        ),
        h(
          'button',
          {
            type: 'button',
            disabled: busy,
            onclick: () => why(position, (life.members.find((row) => row.followed) || life.members[0]).key),
          },
          t('choice'),
        ),
      ),
    );
  }

  /** Return what happened to the household, in order: births, deaths, marriages, moves. */
  function eventsOf(life, words) {
    const last = new Map(),
      said = [];
    for (const row of life.members) {
      const before = last.get(row.key);
      const whom = `${bracketed(`${row.month} ${t(row.sex === 'female' ? 'woman' : 'man')}`, number(row.age))}${row.followed ? ' ●' : ''}`;
      if (!before && row.month !== life.members[0].month)
        said.push(`${whom} ${row.age === 0 ? t('born') : t('joins')}`);
      if (before && before.zone !== row.zone)
        said.push(`${whom} ${t('movesTo', { zone: both(words.zone[row.zone]) })}`);
      if (before && !before.married && row.married) said.push(`${whom} ${t('marries')}`);
      if (before && before.alive && !row.alive) said.push(`${whom} ${t('dies')}`);
      last.set(row.key, row);
    }
    return said;
  }

  const side = (table, index) => (table.right.includes(index) ? null : 'text');

  function choiceOf(answer) {
    return h(
      'section',
      {},
      h('h3', {}, `${t('choice')}: ${titleOf(answer.scenario)}, ${month}`),
      answer.tables.map((each, position) =>
        h(
          'details',
          { id: `choice-${position}`, open: position < 2 },
          h('summary', {}, both(each.title)),
          scrolled(
            both(each.title),
            h(
              'table',
              {},
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  each.headings.map((heading, index) =>
                    h('th', { scope: 'col', class: side(each, index) }, both(heading)),
                  ),
                ),
              ),
              h(
                'tbody',
                {},
                each.rows[lang()].map((row) =>
                  h(
                    'tr',
                    {},
                    row.map((value, index) => h('td', { class: side(each, index) }, value)),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }
  return { draw };
}
