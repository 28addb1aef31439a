// The room of runs: everything that was asked for, with what can still be done about it.

import { ended, get, remove } from './api.js';
import { announce, h, show } from './dom.js';
import { change, look } from './state.js';
import { both, number, t } from './words.js';

export function jobsRoom(root) {
  let jobs = null;
  const timer = setInterval(load, 1500);

  async function load() {
    try { jobs = await get('jobs'); draw(); } catch (error) { announce(error.message); }
  }

  async function open(job) {
    const asked = await get(`jobs/${job.id}/request`);
    change((state) => {
      state.scenarios = asked.scenarios;
      state.settings = { scale: asked.scale, draws: asked.draws || 8, seed: asked.seed, ...(asked.until ? { until: asked.until } : {}) };
    });
    look({ room: 'explore', current: asked.scenarios.length - 1 });
  }

  const row = (job) => h('tr', {},
    h('td', {}, new Date(job.created * 1000).toLocaleString()),
    h('td', {}, t(`kind_${job.kind}`), job.lane === 'quick' && job.kind === 'compare' ? ` (${t('sketch').toLowerCase()})` : ''),
    h('td', {}, statusText(job), job.error ? h('small', { class: 'problem' }, ` ${both(job.error)}`) : null),
    h('td', {}, job.of_draws ? `${job.draws}/${job.of_draws}` : ''),
    h('td', {},
      job.kind === 'compare' ? h('button', { type: 'button', id: `open-${job.id}`, onclick: () => open(job) }, t('openState')) : null,
      ended(job) ? null : h('button', { type: 'button', id: `cancel-${job.id}`, onclick: () => remove(`jobs/${job.id}`).then(load) }, t('cancel'))));

  function draw() {
    show(root, h('div', { class: 'card' }, h('h2', {}, t('jobs')), h('p', { class: 'hint' }, t('jobsText')),
      jobs === null ? h('p', {}, t('loading')) : null,
      jobs && !jobs.length ? h('p', {}, t('noJobs')) : null,
      jobs && jobs.length ? h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('jobs') }, h('table', { class: 'jobs' }, h('tbody', {}, jobs.map(row)))) : null));
  }
  load();
  return { draw, leave() { clearInterval(timer); } };
}

/** Return in words how far a job is. */
export function statusText(job) {
  if (job.status === 'queued') return t('queued', { before: job.before || 0 });
  if (job.status === 'running') return `${both(job.stage) || t('running')} ${job.total ? `${number(Math.min(100, 100 * job.done / job.total))} %` : ''}`;
  return t(job.status);
}
