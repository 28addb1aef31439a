// A scenario as YAML: opened or uploaded, mended with line and column of every mistake, and applied.

import { post } from './api.js';
import { h, save, show } from './dom.js';
import { number, t } from './language.js';
import { problemText } from './problems.js';

/** Bytes of a file that is read into the page; the server takes no more either. */
const MOST_BYTES = 2e6;

const textOf = (scenario) => post('write_scenario', { scenario });

/** Save a scenario as a YAML file of its name. */
export async function saveScenario(scenario) {
  const name = scenario.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || 'scenario';
  save(`${name}.yaml`, await textOf(scenario), 'application/yaml');
}

/**
 * Return what a scenario's file can be: saved, opened from another, written by hand.
 * `scenario()` is the one at hand, `adopt(scenario)` takes what was read, `draw` and `refuse(error)` show what became of it.
 */
export function scenarioFile(scenario, adopt, draw, refuse) {
  let panel = null;
  const close = () => {
    panel = null;
    draw();
  };
  const written = () => textOf(scenario());

  function open(text, name, refused = '') {
    const apply = (read) => {
      panel = null;
      adopt(read);
      draw();
    };
    panel = yamlPanel(text, name, refused, apply, close);
    draw();
  }

  async function upload(event) {
    const file = event.target.files[0];
    event.target.value = ''; // the same file, mended, is a change too
    if (!file) return;
    const size = { most: MOST_BYTES / 1e6, size: number(file.size / 1e6, 1) };
    if (file.size > MOST_BYTES) open('', file.name, t('fileTooLarge', size));
    else open(await file.text(), file.name);
  }

  const download = () => saveScenario(scenario()).catch(refuse);
  const edit = () =>
    written()
      .then((text) => open(text, scenario().name))
      .catch(refuse);
  const kinds = '.yaml,.yml,text/yaml';
  return {
    forget() {
      panel = null;
    },
    panel: () => (panel ? panel.element : null),
    uploader: () => [
      h('label', { class: 'button', for: 'upload' }, t('upload')),
      h('input', { id: 'upload', type: 'file', accept: kinds, class: 'unseen', onchange: upload }),
    ],
    downloader: () => h('button', { type: 'button', id: 'download', onclick: download }, t('download')),
    writer: () => h('button', { type: 'button', id: 'edit-yaml', onclick: edit }, t('editYaml')),
  };
}

function yamlPanel(text, name, refused, apply, close) {
  const element = h('section', { class: 'yaml', 'aria-label': name });
  const area = h('textarea', {
    id: 'yaml-text',
    rows: 18,
    spellcheck: 'false',
    'aria-label': name,
    wrap: 'off',
    value: text,
  });
  const lines = h('pre', { class: 'lines', 'aria-hidden': 'true' });
  const problems = h('div', { role: 'alert' });

  function numberLines(wrong = new Set()) {
    show(
      lines,
      area.value
        .split('\n')
        .map((_, index) => [h('span', { class: wrong.has(index + 1) ? 'wrong' : '' }, String(index + 1)), '\n']),
    );
    lines.scrollTop = area.scrollTop;
  }
  area.addEventListener('input', () => numberLines());
  area.addEventListener('scroll', () => {
    lines.scrollTop = area.scrollTop;
  });

  function goTo(problem) {
    const before = area.value
      .split('\n')
      .slice(0, problem.line - 1)
      .reduce((sum, line) => sum + line.length + 1, 0);
    area.focus();
    area.setSelectionRange(before + problem.column - 1, before + problem.column - 1);
    lookAt(problem);
  }

  const lookAt = (problem) => {
    area.scrollTop = Math.max(0, (problem.line - 4) * 18);
  };

  async function check() {
    show(problems);
    try {
      const answer = await post('load_scenario', { text: area.value });
      apply(answer.scenario);
    } catch (error) {
      numberLines(new Set(error.problems.map((each) => each.line)));
      if (error.problems.length) lookAt(error.problems[0]);
      show(
        problems,
        h('h4', {}, t('problems')),
        h(
          'ul',
          { class: 'problems' },
          (error.problems.length ? error.problems : [{ found: error.words ?? error.message }]).map((each) =>
            h(
              'li',
              {},
              each.line
                ? h('button', { type: 'button', class: 'plain', onclick: () => goTo(each) }, problemText(each))
                : problemText(each),
            ),
          ),
        ),
      );
    }
  }

  if (refused) show(problems, h('p', { class: 'problem' }, refused));
  show(
    element,
    h('h3', {}, name),
    h('div', { class: 'lined' }, lines, area),
    problems,
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', id: 'yaml-apply', class: 'main', onclick: check }, t('apply')),
      h('button', { type: 'button', onclick: close }, t('close')),
    ),
  );
  numberLines();
  return { element };
}
