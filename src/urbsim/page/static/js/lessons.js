// Lessons: a question, predictions before the run, the result, and the answer held against what was predicted.

import { finished, get, once, post } from './api.js';
import { chart, inMillions, lines } from './charts.js';
import { ClassPanel, options } from './classroom.js';
import { announce, h, show } from './dom.js';
import { rowsOf } from './overtime.js';
import { movesTab } from './moves.js';
import { householdTab } from './household.js';
import { change, current, look } from './state.js';
import { statusText } from './jobs.js';
import { both, capital, number, t } from './words.js';

const STEPS = ['question', 'predict', 'result', 'answer'];

/** Return an indicator of a result at a month, by the position of the scenario. */
export function valueOf(results, files, scenario, indicator, month) {
  for (const [position, result] of results.entries()) {
    const place = files[position].indexOf(scenario);
    if (place < 0) continue;
    const at = result.months.indexOf(month);
    return result.series[indicator][result.scenarios[place]].median[at];
  }
  return null;
}

/** Return what a prediction is held against. */
export function measured(prediction, results, files) {
  return prediction.measure.reduce((sum, term) => {
    const base = term.against ? valueOf(results, files, term.against, term.indicator, term.month) : 0;
    return sum + Number(term.times ?? 1) * (valueOf(results, files, term.scenario, term.indicator, term.month) - base);
  }, 0);
}

export const isRight = (option, value) => (option.from === null || value >= Number(option.from)) && (option.to === null || value < Number(option.to));

/** Return what a student answered to a lesson in this tab, and whether it was run since; both outlive a reload. */
function remembered(id) {
  try { return JSON.parse(sessionStorage.getItem(`urbsim-lesson-${id}`)) || {}; } catch { return {}; }
}

function remember(id, said) {
  try { sessionStorage.setItem(`urbsim-lesson-${id}`, JSON.stringify(said)); } catch { /* a browser that keeps nothing */ }
}

export function lessonsRoom(root) {
  let listed = null, lesson = null, indicators = [], answers = {}, results = [], jobs = [], error = null, tab = 'charts', shown = '', inner = null, hasClass = false, hasRun = false;
  const classPanel = new ClassPanel(() => drawClass());
  const classPlace = h('div');
  once('indicators').then((answer) => { indicators = answer; draw(); });
  once('lessons').then((answer) => { listed = answer.lessons; hasClass = answer.class; if (hasClass) classPanel.start(); draw(); }).catch((problem) => announce(problem.message));

  async function open(id) {
    const before = remembered(id);
    shown = id; lesson = null; answers = before.answers || {}; hasRun = Boolean(before.hasRun); results = []; jobs = []; error = null;
    try { const answer = await once(`lessons/${id}`); if (shown !== id) return; lesson = answer; } catch (problem) { error = problem; }
    draw();
    if (lesson && hasRun) run(); // the results are known already
  }

  async function run() {
    const of = shown, isFirst = !hasRun;
    error = null; jobs = lesson.comparisons.map(() => null); draw();
    try {
      const found = await Promise.all(lesson.comparisons.map(async (comparison, position) => {
        const job = await finished(await post('compare', { scenarios: comparison.scenarios, ...lesson.settings }), (now) => { if (of === shown) { jobs[position] = now; drawProgress(); } });
        return get(`jobs/${job.id}/result`);
      }));
      if (of !== shown) return;
      results = found; hasRun = true;
      remember(of, { answers, hasRun });
      if (isFirst) look({ step: 2 }); else draw();
      announce(t('lessonDone'));
    } catch (problem) { if (of === shown) { error = problem; draw(); } }
  }

  const place = h('div'), progress = h('div', { 'aria-live': 'polite' });
  show(root, place);

  function list() {
    show(place, h('div', { class: 'card' }, h('h2', {}, t('lessons')), h('p', {}, t('lessonsText')),
      h('ol', { class: 'lessons' }, (listed || []).map((each) => h('li', {}, h('button', { type: 'button', class: 'plain', id: `lesson-${each.id}`, onclick: () => look({ lesson: each.id, step: 0 }) }, h('strong', {}, both(each.title)), h('small', {}, both(each.question))))))));
  }

  function steps(step) {
    const complete = lesson.predictions.every((each) => answers[each.id]);
    return h('ol', { class: 'steps' }, STEPS.map((name, position) => h('li', {}, h('button', {
      type: 'button', id: `step-${position}`, 'aria-current': position === step ? 'step' : null, disabled: (position > 1 && !results.length) || (position === 3 && !complete), onclick: () => look({ step: position }),
    }, `${position + 1} ${t(`step_${name}`)}`))));
  }

  function predict() {
    const complete = lesson.predictions.every((each) => answers[each.id]);
    const locked = hasRun;
    return [h('p', {}, t(locked ? 'predictionLocked' : 'predictFirst')),
      lesson.predictions.map((each) => options(each, answers[each.id], locked, (id) => { answers[each.id] = id; remember(shown, { answers }); draw(); })),
      locked && !error ? null : h('button', { type: 'button', id: 'run-lesson', class: 'main', disabled: !complete || jobs.length > 0 && !error, onclick: run }, t('runLesson')), progress];
  }

  function drawProgress() {
    const working = jobs.filter(Boolean).find((job) => job.status !== 'done');
    show(progress, working ? h('p', {}, h('progress', { max: Math.max(working.total, 1), value: working.done, 'aria-label': t('running') }), ` ${statusText(working)}`) : null);
  }

  function resultStep() {
    const runs = { result: results[0], isSketch: false, jobs: {} };
    const tabs = ['charts', 'moves', 'household'];
    const body = h('div', { id: 'lesson-result' });
    const bar = h('div', { class: 'tabs' }, tabs.map((name) => h('button', { type: 'button', id: `lesson-${name}`, 'aria-pressed': tab === name ? 'true' : 'false', onclick: () => { tab = name; draw(); } }, t(name))));
    if (tab === 'charts') results.forEach((result, position) => lesson.comparisons[position].indicators.forEach((name) => body.append(figure(result, name))));
    else {
      inner = tabWithin(runs);
      body.append(inner.place);
      queueMicrotask(() => inner && inner.draw('result'));
    }
    return [bar, body, h('button', { type: 'button', id: 'to-answer', class: 'main', onclick: () => look({ step: 3 }) }, t('step_answer'))];
  }

  /** Return the tab of moves or of a household; what was asked in it stays while the page is drawn anew. */
  function tabWithin(runs) {
    if (inner && inner.of === runs.result && inner.tab === tab) return inner;
    leaveTab();
    const within = h('div');
    const made = tab === 'moves' ? movesTab(within, runs) : householdTab(within, runs, () => indicators, { scenarios: lesson.comparisons[0].scenarios, scale: 0.02, seed: 0 });
    return { of: runs.result, tab, place: within, draw: made.draw, leave: made.leave };
  }

  function leaveTab() {
    if (inner && inner.leave) inner.leave();
  }

  function figure(result, name) {
    const known = indicators.find((each) => each.name === name) || { label: name, unit: '', percent: false, definition: '' };
    const element = h('div', { class: 'chart' });
    const title = capital(both(known.label));
    const { rows, unit } = inMillions(rowsOf(result.series[name], result.months), known);
    queueMicrotask(() => chart(element, lines({ rows, names: result.scenarios, title, unit, percent: known.percent, height: 240 }), `${title}. ${both(known.definition)}`));
    return element;
  }

  function answerStep() {
    const files = lesson.comparisons.map((each) => each.files);
    return [lesson.predictions.map((each) => {
      const value = measured(each, results, files), right = each.options.find((option) => isRight(option, value));
      const mine = each.options.find((option) => option.id === answers[each.id]);
      const good = right && mine && right.id === mine.id;
      return h('div', { class: `verdict ${good ? 'good' : 'bad'}`, id: `verdict-${each.id}` }, h('p', {}, h('strong', {}, both(each.text))), h('p', {}, `${t('verdict', { mine: mine ? both(mine.text) : '–', model: right ? both(right.text) : '–', value: inWords(each, value) })} `, h('strong', {}, good ? t('rightAnswer') : t('otherAnswer'))));
    }), h('h3', {}, t('why')), h('ul', {}, lesson.answer.map((each) => h('li', {}, both(each)))), h('p', {}, h('strong', {}, `${t('goOn')} `), both(lesson.more)),
    h('button', { type: 'button', id: 'lesson-explore', onclick: explore }, t('openInExplore'))];
  }

  function inWords(prediction, value) {
    const known = indicators.find((each) => each.name === prediction.measure[0].indicator);
    const sign = value > 0 ? '+' : '';
    return known && known.percent ? `${sign}${number(100 * value, 1)} ${t('points')}` : `${sign}${number(value, Math.abs(value) < 10 ? 2 : 0)} ${known ? both(known.unit) : ''}`.trim();
  }

  function explore() {
    change((state) => { state.scenarios = structuredClone(lesson.comparisons[0].scenarios); state.settings = { scale: 0.02, draws: 0, seed: 0 }; });
    look({ room: 'explore', current: 1 });
  }

  function drawClass() {
    if (!hasClass || !lesson) { show(classPlace); return; }
    const files = lesson.comparisons.map((each) => each.files);
    show(classPlace, classPanel.draw(lesson, results.length ? Object.fromEntries(lesson.predictions.map((each) => [each.id, measured(each, results, files)])) : null));
  }

  function draw() {
    const view = current().view;
    if (view.lesson && view.lesson !== shown) { open(view.lesson); return; }
    if (!view.lesson) { shown = ''; list(); return; }
    if (!lesson) { show(place, h('div', { class: 'card' }, h('p', {}, error ? error.message : t('loading')))); return; }
    const complete = lesson.predictions.every((each) => answers[each.id]);
    const step = (view.step > 1 && !results.length) || (view.step > 2 && !complete) ? Math.min(view.step, 1) : view.step;
    const body = step === 0 ? [h('p', { class: 'question' }, both(lesson.question)), h('p', {}, h('strong', {}, `${t('whatChanges')} `), both(lesson.change)), h('button', { type: 'button', id: 'to-predict', class: 'main', onclick: () => look({ step: 1 }) }, t('step_predict'))]
      : step === 1 ? predict() : step === 2 ? resultStep() : answerStep();
    show(place, h('div', { class: 'card' },
      h('button', { type: 'button', id: 'all-lessons', onclick: () => look({ lesson: '' }) }, `← ${t('lessons')}`),
      h('h2', {}, both(lesson.title)), steps(step), error ? h('p', { class: 'problem', role: 'alert' }, error.message) : null, body), classPlace);
    drawProgress();
    drawClass();
  }
  return { draw, leave() { classPanel.stop(); leaveTab(); } };
}
