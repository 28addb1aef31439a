// The class: what the teacher sees beside a lesson, and the page of a student.

import { get, post } from './api.js';
import { announce, field, h, show } from './dom.js';
import { isRight, options } from './predictions.js';
import { both, lang, number, setLanguage, t } from './language.js';

/** Return how answers spread, as bars with numbers. */
function spread(lesson, distribution, values) {
  return lesson.predictions.map((each) => {
    const counts = distribution[each.id] || {};
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return h(
      'div',
      { class: 'spread', id: `spread-${each.id}` },
      h('p', {}, both(each.text)),
      each.options.map((option) => {
        const bar = h('span', { class: 'bar' });
        bar.style.width = `${all ? (100 * (counts[option.id] || 0)) / all : 0}%`;
        const value = values ? values[each.id] : null;
        const right = value !== null && value !== undefined && isRight(option, value);
        return h(
          'div',
          { class: 'spread-row' },
          h('span', { class: 'spread-name' }, both(option.text), right ? ` ✓ ${t('modelSays')}` : ''),
          h('span', { class: 'track' }, bar),
          h('span', {}, number(counts[option.id] || 0)),
        );
      }),
    );
  });
}

export class ClassPanel {
  constructor(changed) {
    this.state = null;
    this.changed = changed;
    this.timer = 0;
  }

  start() {
    this.load();
    this.timer = setInterval(() => this.load(), 2000);
  }
  stop() {
    clearInterval(this.timer);
  }

  async load() {
    try {
      this.state = await get('class');
      this.changed();
    } catch (problem) {
      if (problem.status) this.stop();
    }
  }

  async turn(lesson) {
    this.state = await post('class/lesson', { lesson: lesson.id });
    this.changed();
  }
  async begin() {
    this.state = await post('class/begin');
    this.changed();
  }
  async reveal(values) {
    this.state = await post('class/reveal', { measured: values });
    this.changed();
  }

  /** Return the panel beside a lesson; `values` is what was measured, null before the run. */
  draw(lesson, values) {
    if (!this.state) return null;
    const here = this.state.lesson === lesson.id;
    return h(
      'div',
      { class: 'card', id: 'class' },
      h('h2', {}, t('class')),
      h(
        'p',
        {},
        t('classJoin', { address: this.state.address || `${location.origin}/class` }),
        ' ',
        h('strong', { class: 'code', id: 'class-code' }, this.state.code),
      ),
      h(
        'p',
        { id: 'class-count' },
        t('classCount', { students: this.state.students, answered: here ? this.state.answered : 0 }),
      ),
      here ? null : h('button', { type: 'button', id: 'class-turn', onclick: () => this.turn(lesson) }, t('classTurn')),
      here ? spread(lesson, this.state.distribution, values) : null,
      here && !this.state.shown
        ? h(
            'button',
            { type: 'button', id: 'class-reveal', disabled: !values, onclick: () => this.reveal(values) },
            t('classReveal'),
          )
        : null,
      here && this.state.shown ? h('p', {}, t('classShown')) : null,
      this.state.students
        ? h('button', { type: 'button', id: 'class-begin', onclick: () => this.begin() }, t('classBegin'))
        : null,
    );
  }
}

/** The page of a student: join with the code, predict, see how the class and the model answered. */
export function studentPage(root) {
  let mine = null,
    lesson = null,
    error = null,
    answers = {},
    sent = false,
    code = '',
    isAway = false;

  async function load() {
    try {
      const answer = await get('class/mine'),
        wasAway = isAway;
      isAway = false;
      if (!mine || answer.lesson !== mine.lesson) {
        answers = { ...answer.answers };
        sent = Object.keys(answers).length > 0;
      }
      if (!mine || answer.lesson !== mine.lesson || answer.shown !== mine.shown) lesson = await get('class/question');
      const before = JSON.stringify(mine);
      mine = answer;
      if (wasAway || before !== JSON.stringify(mine)) draw();
    } catch (problem) {
      isAway = !problem.status;
      if (problem.status === 403) mine = null;
      draw();
    }
  }

  async function join(event) {
    event.preventDefault();
    error = null;
    try {
      await post('class/join', { code });
      await load();
    } catch (problem) {
      error = problem;
      draw();
    }
  }

  async function send() {
    error = null;
    try {
      mine = await post('class/predictions', { lesson: mine.lesson, answers });
      sent = true;
      announce(t('sent'));
    } catch (problem) {
      error = problem;
    }
    draw();
  }

  function draw() {
    const language = h(
      'button',
      {
        id: 'language',
        type: 'button',
        lang: lang() === 'zh' ? 'en' : 'zh-CN',
        onclick: () => {
          setLanguage(lang() === 'zh' ? 'en' : 'zh');
          draw();
        },
      },
      t('language'),
    );
    show(
      document.getElementById('top'),
      h('div', { class: 'brand' }, h('strong', {}, 'urbsim'), h('span', { class: 'motto' }, t('class'))),
      h('div', { class: 'tools' }, language),
    );
    show(document.getElementById('skip'), t('skip'));
    show(document.getElementById('foot'), h('p', {}, t('studentFoot')));
    const said = isAway ? t('away') : error ? error.message : '';
    const problem = said ? h('p', { class: 'problem', role: 'alert' }, said) : null;
    if (!mine || !lesson) {
      show(
        root,
        h(
          'form',
          { class: 'card', onsubmit: join },
          h('h1', {}, t('joinClass')),
          field(
            'code',
            t('code'),
            h('input', {
              id: 'code',
              inputmode: 'numeric',
              autocomplete: 'off',
              maxlength: 20,
              value: code,
              oninput: (event) => {
                code = event.target.value;
              },
            }),
          ),
          h('button', { id: 'join', class: 'main' }, t('join')),
          problem,
        ),
      );
      return;
    }
    const complete = lesson.predictions.every((each) => answers[each.id]);
    show(
      root,
      h(
        'div',
        { class: 'card' },
        h('h1', {}, both(lesson.title)),
        h('p', { class: 'question' }, both(lesson.question)),
        h('p', {}, both(lesson.change)),
        lesson.predictions.map((each) =>
          options(each, answers[each.id], mine.shown, (id) => {
            answers[each.id] = id;
            sent = false;
            draw();
          }),
        ),
        mine.shown
          ? null
          : h(
              'button',
              { type: 'button', id: 'send', class: 'main', disabled: !complete || sent, onclick: send },
              sent ? t('sent') : t('send'),
            ),
        problem,
        mine.shown
          ? [
              h('h2', {}, t('classAnswers')),
              spread(lesson, mine.distribution, mine.measured),
              h(
                'ul',
                {},
                (lesson.answer || []).map((each) => h('li', {}, both(each))),
              ),
            ]
          : null,
      ),
    );
  }
  draw();
  load();
  setInterval(load, 2500);
}
