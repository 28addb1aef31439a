// Results of the present scenarios: how sure, over time, in numbers, against targets, what they cost, where, who.

import { ended, finished, once, post } from './api.js';
import { announce, h, keep, show } from './dom.js';
import { seekTab, sweepTab } from './amountquestions.js';
import { contributionsTab, groupsTab } from './answers.js';
import { chartsTab } from './overtime.js';
import { householdTab } from './household.js';
import { mapTab } from './countymap.js';
import { movesTab } from './moves.js';
import { costsTab, tableTab, targetsTab } from './tables.js';
import { problemList } from './problems.js';
import { progressOf } from './jobs.js';
import { current, look } from './state.js';
import { both, lang, t } from './language.js';

const TABS = {
  charts: chartsTab,
  table: tableTab,
  targets: targetsTab,
  costs: costsTab,
  contributions: contributionsTab,
  seek: seekTab,
  sweep: sweepTab,
  groups: groupsTab,
  map: mapTab,
  moves: movesTab,
  household: householdTab,
};

export function results(root, runs) {
  const title = h('h2', { id: 'results-title', tabindex: -1 }),
    status = h('div', { class: 'status' }),
    files = h('div', { class: 'row files' });
  const tabs = h('div', { class: 'tabs', role: 'tablist' }),
    body = h('div', { role: 'tabpanel', id: 'result', tabindex: 0 }),
    notes = h('div', { class: 'hint' });
  show(root, h('div', { class: 'card' }, title, status, tabs, body, notes, files));
  const rooms = new Map(); // what was asked in a tab is there when one comes back
  let tab = null,
    tabName = '',
    written = {},
    indicators = [];
  once('indicators').then((answer) => {
    indicators = answer;
    draw('language');
  });

  function drawStatus() {
    const { full, sketch } = runs.jobs;
    const job = full ? full.job : sketch && sketch.job;
    const parts = [];
    if (runs.result) {
      const counted = full ? full.job : null;
      parts.push(
        runs.isSketch || runs.isOld ? h('strong', { class: 'badge sketch', id: 'sketch' }, t('sketch')) : null,
        h(
          'span',
          {},
          runs.isSketch || runs.isOld
            ? t('sketchNote')
            : counted && counted.draws < counted.of_draws
              ? t('fullNote', { draws: counted.draws, of: counted.of_draws })
              : runs.result.draws
                ? t('complete', { of: runs.result.draws })
                : t('middle'),
        ),
      );
    }
    const working = (full && full.job.status === 'done' ? [] : [full, sketch]).find(
      (entry) => entry && !ended(entry.job),
    );
    if (working) {
      parts.push(progressOf(working.job));
      if (working === full)
        parts.push(h('button', { type: 'button', id: 'cancel', onclick: () => runs.cancelFull() }, t('cancel')));
    } else if (job && ['cancelled', 'failed'].includes(job.status)) {
      parts.push(
        h('span', { class: 'problem' }, `${t(job.status)}${job.error ? `: ${both(job.error)}` : ''}`),
        h('button', { type: 'button', id: 'again', onclick: () => runs.full() }, t('again')),
      );
    } else if (!full && runs.result)
      parts.push(h('button', { type: 'button', id: 'run-now', onclick: () => runs.full() }, t('runNow')));
    if (!runs.result && !working && !runs.error) parts.push(h('span', {}, t('loading')));
    show(
      status,
      parts,
      runs.error
        ? h(
            'div',
            { id: 'error' },
            runs.problems.length
              ? [h('strong', {}, t('problems')), problemList(runs.problems)]
              : h('p', { class: 'problem', role: 'alert' }, runs.error.message),
          )
        : null,
    );
    status.setAttribute('aria-busy', working ? 'true' : 'false');
  }

  function drawTabs() {
    const chosen = TABS[current().view.tab] ? current().view.tab : 'charts';
    keep(tabs, [chosen], () => tabButtons(chosen));
    tabs.setAttribute('aria-label', t('results'));
    body.setAttribute('aria-labelledby', `tab-${chosen}`);
    if (tabName === chosen) return;
    if (tab && tab.leave) tab.leave();
    tabName = chosen;
    if (!rooms.has(chosen)) {
      const place = h('div');
      rooms.set(chosen, { place, tab: TABS[chosen](place, runs, () => indicators) });
    }
    tab = rooms.get(chosen).tab;
    body.replaceChildren(rooms.get(chosen).place);
  }

  async function write(kind) {
    const job = runs.jobs.full && runs.jobs.full.job;
    if (!job) return;
    const language = lang();
    written[kind] = { state: 'writing', of: job.id, language };
    drawFiles();
    try {
      const made = await finished(await post(`jobs/${job.id}/${kind}`, { language }));
      written[kind] = {
        state: 'ready',
        of: job.id,
        language,
        address: `/api/jobs/${made.id}/${kind === 'report' ? 'report.html' : 'urbsim.xlsx'}`,
      };
      announce(`${t(kind)}: ${t('ready')}`);
    } catch (error) {
      written[kind] = { state: 'failed', of: job.id, language, error };
    }
    drawFiles();
  }

  function drawFiles() {
    const job = runs.jobs.full && runs.jobs.full.job;
    const isDone = job && job.status === 'done';
    show(
      files,
      ['report', 'spreadsheet'].map((kind) => {
        const made =
          written[kind] && job && written[kind].of === job.id && written[kind].language === lang()
            ? written[kind]
            : null;
        if (made && made.state === 'ready')
          return h(
            'a',
            { class: 'button', id: `${kind}-ready`, href: made.address, target: '_blank', rel: 'noopener' },
            `${t(kind)} – ${t('ready')}`,
          );
        return h(
          'button',
          {
            type: 'button',
            id: kind,
            disabled: !isDone || (made && made.state === 'writing'),
            onclick: () => write(kind),
          },
          `${t(kind)}${made ? ` – ${made.state === 'writing' ? t('writing') : made.error.message}` : ''}`,
        );
      }),
      h('button', { type: 'button', id: 'print', onclick: () => window.print() }, t('print')),
    );
  }

  function drawNotes() {
    const result = runs.result;
    show(
      notes,
      result ? [h('p', {}, both(result.note)), both(result.footing) ? h('p', {}, both(result.footing)) : null] : null,
    );
  }

  function draw(what) {
    drawTabs();
    if (runs.result && current().scenarios.length) tab.draw(what);
    if (what === 'view') return; // what is looked at changes nothing of the rest
    keep(title, [], () => [t('results')]);
    drawStatus();
    root.classList.toggle('is-sketch', Boolean(runs.result) && (runs.isSketch || runs.isOld));
    body.hidden = !runs.result;
    drawNotes();
    drawFiles();
  }

  runs.onChange((what) => {
    if (what === 'job') {
      drawStatus();
      drawFiles();
    } else draw(what);
  });
  return {
    draw,
    leave() {
      if (tab && tab.leave) tab.leave();
    },
  };
}

/** Return the tabs, the chosen one with the focus of the keyboard's arrows. */
function tabButtons(chosen) {
  const names = Object.keys(TABS);
  const go = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = names[(names.indexOf(chosen) + step + names.length) % names.length];
    look({ tab: next });
    document.getElementById(`tab-${next}`).focus();
  };
  return names.map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-controls': 'result',
        tabindex: name === chosen ? 0 : -1,
        'aria-selected': name === chosen ? 'true' : 'false',
        onclick: () => look({ tab: name }),
        onkeydown: go,
      },
      t(name),
    ),
  );
}
