// The room of runs: everything that was asked for, with what can still be done about it.

import { ended, get, remove } from './api.js';
import { announce, h, scrolled, show } from './dom.js';
import { change, inOneLanguage, look } from './state.js';
import { both, lang, number, t } from './language.js';

/** What a person asked of scenarios, by the kind of job: the tab that shows it, and what was asked beside them. */
const QUESTIONS = {
  compare: () => ({ tab: 'charts' }),
  contributions: ({ by, indicator }) => ({
    tab: 'contributions',
    asked: ['contributions'],
    contributions: { by, indicator },
  }),
  seek: ({ reach, vary, within, chance, minimise, trials, verify }) => ({
    tab: 'seek',
    asked: ['seek'],
    seek: said({ reach, vary, within, chance, minimise, trials, verify }),
  }),
  sweep: ({ vary, reach, indicators, levels, sobol }) => ({
    tab: 'sweep',
    asked: ['sweep'],
    sweep: said({ vary, reach, indicators, levels, sobol }),
  }),
  groups: ({ by, indicator }) => ({ tab: 'groups', asked: ['groups'], groups: { by, indicator } }),
  household: ({ person }) => ({ tab: 'household', asked: ['household'], who: person }),
};
const FILES = { report: 'report.html', spreadsheet: 'urbsim.xlsx' };

/** Return what was said of a question: the rest is as it is by default. */
const said = (asked) => Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));

const isSketch = (job) => job.kind === 'compare' && job.lane === 'quick';

export function jobsRoom(root) {
  let jobs = null;
  const timer = setInterval(load, 1500);

  async function load() {
    try {
      jobs = await get('jobs');
      draw();
    } catch (error) {
      announce(error.message);
    }
  }

  async function open(job) {
    const asked = await get(`jobs/${job.id}/request`);
    const until = asked.until || asked.at;
    change((state) => {
      state.scenarios = asked.scenarios.map(inOneLanguage);
      state.settings.seed = asked.seed;
      if (asked.scale && !isSketch(job)) state.settings.scale = asked.scale;
      if (asked.draws !== undefined && !isSketch(job)) state.settings.draws = asked.draws;
      delete state.settings.until;
      if (until) state.settings.until = until;
    });
    look({ room: 'explore', current: asked.scenarios.length - 1, ...QUESTIONS[job.kind](asked) });
  }

  const row = (job) =>
    h(
      'tr',
      {},
      h('td', {}, new Date(job.created * 1000).toLocaleString(lang() === 'zh' ? 'zh-CN' : 'en-GB')),
      h(
        'td',
        {},
        t(`kind_${job.kind}`),
        isSketch(job) ? ` (${t('sketch').toLowerCase()})` : '',
        h('small', {}, ` ${both(job.about)}`),
      ),
      h('td', {}, statusText(job), job.error ? h('small', { class: 'problem' }, ` ${both(job.error)}`) : null),
      h('td', {}, job.kind === 'compare' ? `${job.draws}/${job.of_draws}` : ''),
      h(
        'td',
        {},
        QUESTIONS[job.kind]
          ? h('button', { type: 'button', id: `open-${job.id}`, onclick: () => open(job) }, t('openState'))
          : null,
        FILES[job.kind] && job.status === 'done'
          ? h(
              'a',
              {
                class: 'button',
                id: `file-${job.id}`,
                href: `/api/jobs/${job.id}/${FILES[job.kind]}`,
                target: '_blank',
                rel: 'noopener',
              },
              t('openState'),
            )
          : null,
        ended(job)
          ? null
          : h(
              'button',
              { type: 'button', id: `cancel-${job.id}`, onclick: () => remove(`jobs/${job.id}`).then(load) },
              t('cancel'),
            ),
      ),
    );

  function draw() {
    show(
      root,
      h(
        'div',
        { class: 'card' },
        h('h2', {}, t('jobs')),
        h('p', { class: 'hint' }, t('jobsText')),
        jobs === null ? h('p', {}, t('loading')) : null,
        jobs && !jobs.length ? h('p', {}, t('noJobs')) : null,
        jobs && jobs.length
          ? scrolled(
              t('jobs'),
              h(
                'table',
                { class: 'jobs' },
                h(
                  'thead',
                  {},
                  h(
                    'tr',
                    {},
                    ['asked', 'what', 'how', 'drawsDone', 'action'].map((name) => h('th', { scope: 'col' }, t(name))),
                  ),
                ),
                h('tbody', {}, jobs.map(row)),
              ),
            )
          : null,
      ),
    );
  }
  load();
  return {
    draw,
    leave() {
      clearInterval(timer);
    },
  };
}

/** Return how far a job is, as a bar and in words. */
export const progressOf = (job) => [
  h('progress', {
    max: Math.max(job.total || 0, 1),
    value: Math.min(job.done || 0, job.total || 0),
    'aria-label': t('running'),
  }),
  h('span', {}, statusText(job)),
];

/** Return in words how far a job is. */
function statusText(job) {
  if (job.status === 'queued') return t('queued', { before: job.before || 0 });
  if (job.status === 'running')
    return `${both(job.stage) || t('running')} ${job.total ? `${number(Math.min(100, (100 * job.done) / job.total))} %` : ''}`;
  return t(job.status);
}
