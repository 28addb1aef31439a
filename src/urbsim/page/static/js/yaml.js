// A scenario as YAML: opened or uploaded, mended with line and column of every mistake, and applied.

import { post } from './api.js';
import { h, show } from './dom.js';
import { problemText } from './editor.js';
import { t } from './words.js';

export function yamlPanel(text, name, refused, apply, close) {
  const element = h('section', { class: 'yaml', 'aria-label': name });
  const area = h('textarea', { id: 'yaml-text', rows: 18, spellcheck: 'false', 'aria-label': name, wrap: 'off', value: text });
  const lines = h('pre', { class: 'lines', 'aria-hidden': 'true' });
  const problems = h('div', { role: 'alert' });

  function number(wrong = new Set()) {
    show(lines, area.value.split('\n').map((_, index) => [h('span', { class: wrong.has(index + 1) ? 'wrong' : '' }, String(index + 1)), '\n']));
    lines.scrollTop = area.scrollTop;
  }
  area.addEventListener('input', () => number());
  area.addEventListener('scroll', () => { lines.scrollTop = area.scrollTop; });

  function goTo(problem) {
    const before = area.value.split('\n').slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    area.focus();
    area.setSelectionRange(before + problem.column - 1, before + problem.column - 1);
    lookAt(problem);
  }

  const lookAt = (problem) => { area.scrollTop = Math.max(0, (problem.line - 4) * 18); };

  async function check() {
    show(problems);
    try {
      const answer = await post('load_scenario', { text: area.value });
      apply(answer.scenario);
    } catch (error) {
      number(new Set(error.problems.map((each) => each.line)));
      if (error.problems.length) lookAt(error.problems[0]);
      show(problems, h('h4', {}, t('problems')), h('ul', { class: 'problems' }, (error.problems.length ? error.problems : [{ found: error.words ?? error.message }]).map((each) => h('li', {},
        each.line ? h('button', { type: 'button', class: 'plain', onclick: () => goTo(each) }, problemText(each)) : problemText(each)))));
    }
  }

  if (refused) show(problems, h('p', { class: 'problem' }, refused));
  show(element, h('h3', {}, name), h('div', { class: 'lined' }, lines, area), problems,
    h('div', { class: 'row' }, h('button', { type: 'button', id: 'yaml-apply', class: 'main', onclick: check }, t('apply')), h('button', { type: 'button', onclick: close }, t('close'))));
  number();
  return { element };
}
