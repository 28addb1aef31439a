// Lessons: a question, predictions before the run, the result, and the answer held against what was predicted.

import { finished, get, once, post } from './api.js';
import { ClassPanel } from './classroom.js';
import { announce, h, show } from './dom.js';
import { progressOf } from './jobs.js';
import { both, t } from './language.js';
import { lessonList } from './lessonlist.js';
import { LessonResult } from './lessonresult.js';
import { measured, options, remember, remembered, verdictOf } from './predictions.js';
import { change, current, inOneLanguage, look } from './state.js';

const STEPS = ['question', 'predict', 'result', 'answer'];
const TITLE = 'lesson-title';

export function lessonsRoom(root) {
  let listed = null,
    lesson = null,
    indicators = [],
    answers = {},
    results = [],
    jobs = [],
    error = null,
    shown = '',
    at = '',
    hasClass = false,
    hasRun = false;
  const classPanel = new ClassPanel(() => drawClass());
  const shownResult = new LessonResult(
    () => indicators,
    () => draw(),
  );
  const classPlace = h('div');
  once('indicators').then((answer) => {
    indicators = answer;
    draw();
  });
  once('lessons')
    .then((answer) => {
      listed = answer.lessons;
      hasClass = answer.class;
      if (hasClass) classPanel.start();
      draw();
    })
    .catch((problem) => announce(problem.message));

  async function open(id) {
    const before = remembered(id);
    shown = id;
    lesson = null;
    answers = before.answers || {};
    hasRun = Boolean(before.hasRun);
    results = [];
    jobs = [];
    error = null;
    try {
      const answer = await once(`lessons/${id}`);
      if (shown !== id) return;
      lesson = answer;
    } catch (problem) {
      error = problem;
    }
    draw();
    if (lesson && hasRun) run(); // the results are known already
  }

  async function run() {
    const of = shown,
      isFirst = !hasRun;
    error = null;
    jobs = lesson.comparisons.map(() => null);
    draw();
    try {
      const found = await Promise.all(
        lesson.comparisons.map(async (comparison, position) => {
          const job = await finished(
            await post('compare', { scenarios: comparison.scenarios, ...lesson.settings }),
            (now) => {
              if (of === shown) {
                jobs[position] = now;
                drawProgress();
              }
            },
          );
          return get(`jobs/${job.id}/result`);
        }),
      );
      if (of !== shown) return;
      results = found;
      hasRun = true;
      remember(of, { answers, hasRun });
      if (isFirst) look({ step: 2 });
      else draw();
      announce(t('lessonDone'));
    } catch (problem) {
      if (of === shown) {
        error = problem;
        draw();
      }
    }
  }

  const place = h('div'),
    progress = h('div', { 'aria-live': 'polite' });
  show(root, place);

  function steps(step) {
    const complete = lesson.predictions.every((each) => answers[each.id]);
    return h(
      'ol',
      { class: 'steps' },
      STEPS.map((name, position) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              id: `step-${position}`,
              'aria-current': position === step ? 'step' : null,
              disabled: (position > 1 && !results.length) || (position === 3 && !complete),
              onclick: () => look({ step: position }),
            },
            `${position + 1} ${t(`step_${name}`)}`,
          ),
        ),
      ),
    );
  }

  function predict() {
    const complete = lesson.predictions.every((each) => answers[each.id]);
    const locked = hasRun;
    return [
      h('p', {}, t(locked ? 'predictionLocked' : 'predictFirst')),
      lesson.predictions.map((each) =>
        options(each, answers[each.id], locked, (id) => {
          answers[each.id] = id;
          remember(shown, { answers });
          draw();
        }),
      ),
      locked && !error
        ? null
        : h(
            'button',
            {
              type: 'button',
              id: 'run-lesson',
              class: 'main',
              disabled: !complete || (jobs.length > 0 && !error),
              onclick: run,
            },
            t('runLesson'),
          ),
      progress,
    ];
  }

  function drawProgress() {
    const working = jobs.filter(Boolean).find((job) => job.status !== 'done');
    show(progress, working ? h('p', {}, progressOf(working)) : null);
  }

  const resultStep = () => [
    shownResult.draw(lesson, results),
    h('button', { type: 'button', id: 'to-answer', class: 'main', onclick: () => look({ step: 3 }) }, t('step_answer')),
  ];

  function answerStep() {
    const files = lesson.comparisons.map((each) => each.files);
    const verdict = (each) => verdictOf(each, answers[each.id], measured(each, results, files), indicators);
    return [
      lesson.predictions.map(verdict),
      h('h3', {}, t('why')),
      h(
        'ul',
        {},
        lesson.answer.map((each) => h('li', {}, both(each))),
      ),
      h('p', {}, h('strong', {}, `${t('goOn')} `), both(lesson.more)),
      h('button', { type: 'button', id: 'lesson-explore', onclick: explore }, t('openInExplore')),
    ];
  }

  function explore() {
    change((state) => {
      state.scenarios = structuredClone(lesson.comparisons[0].scenarios).map(inOneLanguage);
      state.settings = { scale: 0.02, draws: 0, seed: 0 };
    });
    look({ room: 'explore', current: 1 });
  }

  function drawClass() {
    if (!hasClass || !lesson) {
      show(classPlace);
      return;
    }
    const files = lesson.comparisons.map((each) => each.files);
    show(
      classPlace,
      classPanel.draw(
        lesson,
        results.length
          ? Object.fromEntries(lesson.predictions.map((each) => [each.id, measured(each, results, files)]))
          : null,
      ),
    );
  }

  function draw() {
    const view = current().view;
    if (view.lesson && view.lesson !== shown) {
      open(view.lesson);
      return;
    }
    if (!view.lesson) {
      shown = '';
      show(place, lessonList(listed || [], TITLE));
      arrive('all');
      return;
    }
    if (!lesson) {
      show(place, h('div', { class: 'card' }, h('p', {}, error ? error.message : t('loading'))));
      return;
    }
    const complete = lesson.predictions.every((each) => answers[each.id]);
    const step =
      (view.step > 1 && !results.length) || (view.step > 2 && !complete) ? Math.min(view.step, 1) : view.step;
    const body =
      step === 0
        ? [
            h('p', { class: 'question' }, both(lesson.question)),
            h('p', {}, h('strong', {}, `${t('whatChanges')} `), both(lesson.change)),
            h(
              'button',
              { type: 'button', id: 'to-predict', class: 'main', onclick: () => look({ step: 1 }) },
              t('step_predict'),
            ),
          ]
        : step === 1
          ? predict()
          : step === 2
            ? resultStep()
            : answerStep();
    show(
      place,
      h(
        'div',
        { class: 'card' },
        h('button', { type: 'button', id: 'all-lessons', onclick: () => look({ lesson: '' }) }, `← ${t('lessons')}`),
        h('h2', { id: TITLE, tabindex: -1 }, both(lesson.title)),
        steps(step),
        error ? h('p', { class: 'problem', role: 'alert' }, error.message) : null,
        body,
      ),
      classPlace,
    );
    drawProgress();
    drawClass();
    arrive(`${shown} ${step}`);
  }

  /** Go to the title where another lesson or step is shown than before, with those who use the keyboard or listen. */
  function arrive(now) {
    const isOther = at && at !== now;
    at = now;
    const active = document.activeElement;
    if (isOther && (active === document.body || root.contains(active)))
      document.getElementById(TITLE)?.focus({ preventScroll: true });
  }
  return {
    draw,
    leave() {
      classPanel.stop();
      shownResult.leave();
    },
  };
}
