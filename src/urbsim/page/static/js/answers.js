// Questions about a plan that take runs of their own: which policy did it, and who gains or loses.

import { finished, get, once, post, remove } from './api.js';
import { field, h, scrolled, show } from './dom.js';
import { progressOf } from './jobs.js';
import { askedToo, current, look } from './state.js';
import { both, capital, lang, t } from './language.js';

const BY = { policy: 'byPolicy', lever: 'byLever', part: 'byPart' };

/** Return the room of one kind of question; `choices(indicators)` gives what it is asked by and of. */
function asker(kind, text, choices, bodyOf) {
  return (root, runs, indicators) => {
    const chosen = { ...current().view[kind] };
    let answer = null,
      error = null,
      job = null,
      asked = '';
    const controls = h('div'),
      progress = h('div', { class: 'status' }),
      outcome = h('div', { 'aria-live': 'polite' });
    show(root, controls, progress, outcome);

    async function ask() {
      const body = bodyOf(chosen);
      asked = JSON.stringify(body);
      answer = null;
      error = null;
      job = { status: 'queued' };
      look({ asked: askedToo(kind), [kind]: { ...chosen } });
      try {
        job = await post(kind, body);
        answer = await get(
          `jobs/${
            (
              await finished(job, (now) => {
                job = now;
                drawProgress();
              })
            ).id
          }/result`,
        );
      } catch (problem) {
        error = problem;
      }
      job = null;
      draw();
    }

    const select = (name, items) =>
      field(
        `${kind}-${name}`,
        t(name === 'by' ? 'groupedBy' : 'indicator'),
        h(
          'select',
          {
            id: `${kind}-${name}`,
            onchange: (event) => {
              chosen[name] = event.target.value;
              look({ [kind]: { ...chosen } });
            },
          },
          Object.entries(items).map(([value, label]) =>
            h('option', { value, selected: value === chosen[name] }, capital(label)),
          ),
        ),
      );

    function drawProgress() {
      show(
        progress,
        job
          ? [
              progressOf(job),
              job.id
                ? h(
                    'button',
                    { type: 'button', id: `cancel-${kind}`, onclick: () => remove(`jobs/${job.id}`).catch(() => {}) },
                    t('cancel'),
                  )
                : null,
            ]
          : null,
      );
    }

    async function draw() {
      const lists = await choices(indicators());
      for (const [name, items] of Object.entries(lists))
        if (Object.keys(items).length && !(chosen[name] in items)) [chosen[name]] = Object.keys(items);
      show(
        controls,
        h('p', { class: 'hint' }, t(text)),
        h(
          'div',
          { class: 'row' },
          select('by', lists.by),
          select('indicator', lists.indicator),
          h(
            'button',
            { type: 'button', id: `ask-${kind}`, class: 'main', disabled: Boolean(job), onclick: ask },
            t('ask'),
          ),
        ),
      );
      drawProgress();
      const old = answer && asked !== JSON.stringify(bodyOf(chosen));
      show(
        outcome,
        error ? h('p', { class: 'problem', role: 'alert' }, error.message) : null,
        old ? h('p', { class: 'hint' }, t('ofBefore')) : null,
        answer
          ? [
              both(answer.text) ? h('p', {}, h('strong', {}, both(answer.text))) : null,
              answer.tables.map(tableOf),
              h('p', { class: 'hint' }, both(answer.note)),
            ]
          : null,
      );
      if (current().view.asked.includes(kind) && !asked && Object.keys(lists.indicator).length) ask(); // as the link says; what was answered before comes at once
    }
    return { draw };
  };
}

/** Return whether a cell holds numbers with their intervals: such columns stand at the right. */
const isNumber = (cell) => /^[\d\s.,%+−–\-[\]()]*$/.test(cell);

function tableOf(table) {
  const title = both(table.title),
    rows = table.rows[lang()];
  const side = table.headings.map((_, index) => (rows.every((row) => isNumber(row[index])) ? null : 'text'));
  return h(
    'section',
    {},
    title ? h('h3', {}, title) : null,
    scrolled(
      title || t('table'),
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            table.headings.map((heading, index) => h('th', { scope: 'col', class: side[index] }, both(heading))),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map((row) =>
            h(
              'tr',
              {},
              row.map((cell, index) => h(index ? 'td' : 'th', index ? { class: side[index] } : { scope: 'row' }, cell)),
            ),
          ),
        ),
      ),
    ),
    table.note && both(table.note) ? h('p', { class: 'hint' }, both(table.note)) : null,
  );
}

function settingsOf(most) {
  const { scenarios, settings } = current();
  return {
    scenarios,
    rest: {
      scale: settings.scale,
      seed: settings.seed,
      draws: Math.min(settings.draws, most),
      ...(settings.until ? { until: settings.until } : {}),
    },
  };
}

export const contributionsTab = asker(
  'contributions',
  'contributionsText',
  async (indicators) => ({
    by: Object.fromEntries(Object.entries(BY).map(([value, word]) => [value, t(word)])),
    indicator: Object.fromEntries(
      [...indicators]
        .sort((a, b) => (b.name === 'urbanization_rate') - (a.name === 'urbanization_rate'))
        .map((each) => [each.name, both(each.label)]),
    ),
  }),
  (chosen) => {
    const { scenarios, rest } = settingsOf(4);
    const at = Math.min(current().view.current, scenarios.length - 1) || scenarios.length - 1;
    const { until, ...runs } = rest;
    return {
      plan: scenarios[Math.max(at, 0)],
      ...(at > 0 ? { against: scenarios[0] } : {}),
      by: chosen.by,
      indicator: chosen.indicator,
      ...(until ? { at: until } : {}),
      ...runs,
    };
  },
);

export const groupsTab = asker(
  'groups',
  'groupsText',
  async () => {
    const known = await once('questions');
    const words = (items) => Object.fromEntries(Object.entries(items).map(([name, label]) => [name, both(label)]));
    return { by: words(known.groups), indicator: words(known.measures) };
  },
  (chosen) => {
    const { scenarios, rest } = settingsOf(8);
    return { scenarios, by: chosen.by, indicator: chosen.indicator, ...rest };
  },
);
