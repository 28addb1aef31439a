// The room of a question that takes runs of its own: how it is asked, how far it is, and what came of it.

import { finished, get, post, remove } from './api.js';
import { tableOf } from './answertables.js';
import { h, keep, show } from './dom.js';
import { progressOf } from './jobs.js';
import { askedToo, current, look } from './state.js';
import { both, t } from './language.js';

/**
 * Return the room of one kind of question, by the name of its route.
 *
 * `form({chosen, set, indicators, runs})` gives what stands above the button (`fields`) and beside it (`row`), and
 * whether it can be asked; `body(chosen)` is what is asked; `more(answer, indicators)` is shown below the tables.
 */
export function asker({ kind, text, form, body, more = () => null }) {
  return (root, runs, indicators) => {
    const chosen = { ...current().view[kind] };
    let answer = null,
      error = null,
      job = null,
      asked = '',
      count = 0;
    const controls = h('div'),
      progress = h('div', { class: 'status' }),
      outcome = h('div', { 'aria-live': 'polite' });
    show(root, controls, progress, outcome);
    const set = (edit) => {
      Object.assign(chosen, edit);
      look({ [kind]: { ...chosen } });
    };

    async function ask() {
      const wanted = body(chosen);
      asked = JSON.stringify(wanted);
      answer = null;
      error = null;
      job = { status: 'queued' };
      look({ asked: askedToo(kind), [kind]: { ...chosen } });
      try {
        job = await post(kind, wanted);
        const done = await finished(job, heard);
        answer = await get(`jobs/${done.id}/result`);
      } catch (problem) {
        error = problem;
      }
      job = null;
      count += 1;
      draw();
    }

    function heard(now) {
      job = now;
      drawProgress();
    }

    function drawProgress() {
      const cancel = () => remove(`jobs/${job.id}`).catch(() => {});
      const button = () => h('button', { type: 'button', id: `cancel-${kind}`, onclick: cancel }, t('cancel'));
      show(progress, job ? [progressOf(job), job.id ? button() : null] : null);
    }

    async function draw() {
      const { fields = null, row = null, isReady } = await form({ chosen, set, indicators: indicators(), runs });
      const attributes = {
        type: 'button',
        id: `ask-${kind}`,
        class: 'main',
        disabled: Boolean(job) || !isReady,
        onclick: ask,
      };
      show(
        controls,
        h('p', { class: 'hint' }, t(text)),
        fields,
        h('div', { class: 'row' }, row, h('button', attributes, t('ask'))),
      );
      drawProgress();
      const isOld = Boolean(answer) && asked !== JSON.stringify(body(chosen));
      keep(outcome, [count, Boolean(answer), error ? error.message : '', isOld], () => [
        error ? h('p', { class: 'problem', role: 'alert' }, error.message) : null,
        isOld ? h('p', { class: 'hint' }, t('ofBefore')) : null,
        answer ? said(answer, more(answer, indicators())) : null,
      ]);
      if (current().view.asked.includes(kind) && !asked && isReady) ask(); // as the link says; what was answered before comes at once
    }
    return { draw };
  };
}

/** Return an answer: its words, the first line of them in bold, its tables, and what more there is to see. */
function said(answer, more) {
  const [first, ...others] = both(answer.text).split('\n').filter(Boolean);
  return [
    first ? h('p', {}, h('strong', {}, first)) : null,
    others.map((line) => h('p', {}, line)),
    answer.tables.map(tableOf),
    more,
    both(answer.note) ? h('p', { class: 'hint' }, both(answer.note)) : null,
  ];
}

/** Return the scenarios and the position of the plan that is asked about: the one chosen, or the last. */
export function planAtHand() {
  const { scenarios, view } = current();
  const position = Math.min(view.current, scenarios.length - 1) || scenarios.length - 1;
  return { scenarios, position: Math.max(position, 0) };
}

/** Return the scenarios and how their runs are made, with at most so many draws. */
export function settingsOf(most) {
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
