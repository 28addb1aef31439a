// Scenarios and their settings: up to four side by side, each with policies, targets and a file.

import { once, post } from './api.js';
import { announce, h, save, show } from './dom.js';
import { catalogue, policyForm } from './forms.js';
import { shippedScenario } from './places.js';
import { targetForms } from './targets.js';
import { change, current, freeName, inOneLanguage, look } from './state.js';
import { both, number, t } from './words.js';
import { yamlPanel } from './yaml.js';

const MOST = 4;
/** Bytes of a file that is read into the page; the server takes no more either. */
const MOST_BYTES = 2e6;
/** Letters of what is allowed that are shown beside what was probably meant. */
const MOST_ALLOWED = 160;
const SETTINGS = ['until', 'scale', 'draws', 'seed'];

export function editor(root, runs) {
  let levers = null, shipped = [], adding = false, filter = '', yaml = null;
  once('policies').then((answer) => { levers = new Map(answer.map((each) => [each.lever, each])); draw(); }).catch((error) => announce(error.message));
  once('scenarios').then((answer) => { shipped = answer; });

  const index = () => Math.min(current().view.current, current().scenarios.length - 1);
  const edit = (action) => change((state) => action(state.scenarios[index()], state));
  const problemsOf = (key) => runs.problems.filter((each) => (each.scenario ?? 0) === index() && (each.key === key || each.key.startsWith(`${key}.`)));

  function tabs() {
    const { scenarios } = current();
    return h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('scenarios') }, scenarios.map((each, position) => h('button', {
      type: 'button', role: 'tab', id: `scenario-${position}`, 'aria-selected': position === index() ? 'true' : 'false', 'aria-controls': 'scenario',
      class: `scenario c${position}`, onclick: () => { yaml = null; look({ current: position }); },
    }, each.name || '–', position === 0 && each.name.toLowerCase() !== t('baseline') ? h('small', {}, ` ${t('baseline')}`) : null)));
  }

  function adder() {
    const { scenarios } = current();
    if (scenarios.length >= MOST) return h('p', { class: 'hint' }, t('upToFour'));
    return h('div', { class: 'row' },
      h('label', { for: 'add-scenario', class: 'unseen' }, t('addScenario')),
      h('select', { id: 'add-scenario', onchange: (event) => add(event.target.value) },
        h('option', { value: '' }, `+ ${t('addScenario')}`),
        scenarios.map((each, position) => h('option', { value: `copy:${position}` }, t('copyOf', { name: each.name }))),
        h('optgroup', { label: t('fromShipped') }, shipped.filter((each) => each.policies > 0).map((each) => h('option', { value: each.id }, t('named', { place: both(each.region), name: both(each.name) }))))));
  }

  async function add(choice) {
    if (!choice) return;
    const { scenarios } = current();
    let scenario;
    if (choice.startsWith('copy:')) {
      const from = scenarios[Number(choice.slice(5))];
      scenario = { ...structuredClone(from), name: freeName(from.policies && Object.keys(from.policies).length ? `${from.name} ${t('copyWord')}` : t('plan')), description: '' };
    } else {
      scenario = adopted(await shippedScenario(choice), scenarios[0]);
    }
    change((state) => state.scenarios.push(scenario));
    look({ current: current().scenarios.length - 1 });
  }

  /** Return another county's scenario for this one: its policies, everywhere; nothing that was said of its own counties. */
  function adopted(from, base) {
    const own = JSON.stringify(from.region) === JSON.stringify(base.region);
    const policies = structuredClone(from.policies || {});
    if (!own) Object.values(policies).forEach((policy) => { delete policy.counties; delete policy.county_types; });
    const kept = own ? { targets: from.targets, parameters: from.parameters, county_types: from.county_types } : {};
    return { ...structuredClone(base), name: freeName(from.name), description: from.description || '', policies, ...kept };
  }

  function remove() {
    change((state) => { state.scenarios.splice(index(), 1); });
    look({ current: Math.max(0, index() - 1) });
  }

  function policies(scenario) {
    const entries = Object.entries(scenario.policies || {});
    return h('section', { 'aria-labelledby': 'policies-title' },
      h('h3', { id: 'policies-title' }, `${t('policies')} (${entries.length})`),
      entries.length ? null : h('p', { class: 'hint' }, t('noPolicies')),
      levers ? entries.map(([name, policy]) => policyForm(name, policy, levers.get(policy.lever), {
        problems: problemsOf(`policies.${name}`), prefix: `policies.${name}`,
        set: (field, value) => edit((own) => { if (value === null) delete own.policies[name][field]; else own.policies[name][field] = value; }),
        remove: () => edit((own) => { delete own.policies[name]; }),
      })) : null,
      h('button', { type: 'button', id: 'add-policy', 'aria-expanded': adding ? 'true' : 'false', onclick: () => { adding = !adding; draw(); } }, `+ ${t('addPolicy')}`),
      adding && levers ? catalogue([...levers.values()], filter, (text) => { filter = text; draw(); }, addPolicy) : null);
  }

  function addPolicy(lever) {
    const scenario = current().scenarios[index()];
    const names = new Set(Object.keys(scenario.policies || {}));
    let name = lever.lever;
    for (let extra = 2; names.has(name); extra += 1) name = `${lever.lever}_${extra}`;
    const firstYear = Number(scenario.start.slice(0, 4)) + 2;
    adding = false;
    edit((own) => { own.policies = { ...(own.policies || {}), [name]: { lever: lever.lever, start: `${firstYear}-01`, ...structuredClone(lever.example) } }; });
    const form = document.getElementById(`policy-${name}`);
    if (form) { form.open = true; form.querySelector('summary').focus(); }
  }

  function settings() {
    const { settings: chosen, scenarios } = current();
    const set = (key, value) => change((state) => { if (value === null) delete state.settings[key]; else state.settings[key] = value; });
    const wrong = (key) => runs.problems.filter((each) => each.key === key);
    const marked = (key) => (wrong(key).length ? { 'aria-invalid': 'true', 'aria-describedby': `set-${key}-about` } : {});
    const about = (key) => h('small', { class: 'about', id: `set-${key}-about` }, wrong(key).map((each) => h('span', { class: 'problem', role: 'alert' }, problemText({ ...each, key: '' }))));
    const numeric = (key, attributes) => h('div', { class: 'field' }, h('label', { for: `set-${key}` }, t(key)), h('input', {
      id: `set-${key}`, type: 'number', value: chosen[key], ...attributes, ...marked(key),
      onchange: (event) => { const value = event.target.valueAsNumber; if (Number.isFinite(value)) set(key, value); else event.target.value = chosen[key]; },
    }), about(key));
    return h('details', { id: 'run-settings', open: SETTINGS.some((key) => wrong(key).length) }, h('summary', {}, t('settings')), h('div', { class: 'fields' },
      h('div', { class: 'field' }, h('label', { for: 'set-until' }, t('until')), h('input', {
        id: 'set-until', type: 'month', pattern: '\\d{4}-\\d{2}', value: chosen.until || scenarios[0].until, ...marked('until'), onchange: (event) => set('until', event.target.value && event.target.value !== scenarios[0].until ? event.target.value : null),
      }), about('until')),
      numeric('scale', { min: 0.0001, max: 1, step: 'any' }), numeric('draws', { min: 0, max: 100, step: 1 }), numeric('seed', { min: 0, max: 2 ** 31, step: 1 })));
  }

  async function download() {
    try {
      const scenario = current().scenarios[index()];
      save(`${scenario.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || 'scenario'}.yaml`, await post('write_scenario', { scenario }), 'application/yaml');
    } catch (error) { runs.refuse(error); }
  }

  async function upload(event) {
    const file = event.target.files[0];
    event.target.value = ''; // the same file, mended, is a change too
    if (!file) return;
    if (file.size > MOST_BYTES) openYaml('', file.name, t('fileTooLarge', { most: MOST_BYTES / 1e6, size: number(file.size / 1e6, 1) }));
    else openYaml(await file.text(), file.name);
  }

  function openYaml(text, name, refused = '') {
    yaml = yamlPanel(text, name, refused, (read) => {
      const scenario = inOneLanguage(read);
      yaml = null;
      const same = current().scenarios[0] && JSON.stringify(current().scenarios[0].region) === JSON.stringify(scenario.region);
      change((state) => {
        if (!same) state.scenarios = [scenario];
        else {
          const taken = state.scenarios.some((each, position) => position !== index() && each.name === scenario.name);
          state.scenarios[index()] = taken ? { ...scenario, name: freeName(scenario.name) } : scenario;
        }
      });
      draw();
    }, () => { yaml = null; draw(); });
    draw();
  }

  async function editYaml() {
    try { openYaml(await post('write_scenario', { scenario: current().scenarios[index()] }), current().scenarios[index()].name); } catch (error) { runs.refuse(error); }
  }

  const uploader = () => h('div', { class: 'row' },
    h('label', { class: 'button', for: 'upload' }, t('upload')),
    h('input', { id: 'upload', type: 'file', accept: '.yaml,.yml,text/yaml', class: 'unseen', onchange: upload }));

  function draw() {
    const { scenarios } = current();
    if (!scenarios.length) {
      show(root, h('div', { class: 'card' }, h('h2', {}, t('start')), h('p', {}, t('startText')), uploader(), yaml ? yaml.element : null));
      return;
    }
    const scenario = scenarios[index()];
    const general = runs.problems.filter((each) => (each.scenario ?? 0) === index() && !/^(policies|targets)\./.test(each.key) && !SETTINGS.includes(each.key));
    show(root, h('div', { class: 'card' },
      h('button', { type: 'button', id: 'to-results', class: 'when-narrow', onclick: toResults }, `${t('results')} ↓`), h('h2', {}, t('scenarios')), tabs(), adder(),
      h('div', { id: 'scenario', role: 'tabpanel', 'aria-labelledby': `scenario-${index()}` },
        h('div', { class: 'field' }, h('label', { for: 'scenario-name' }, t('name')), h('input', { id: 'scenario-name', value: scenario.name, maxlength: 80, onchange: (event) => edit((own) => { own.name = event.target.value; }) })),
        h('div', { class: 'field' }, h('label', { for: 'scenario-description' }, t('description')), h('textarea', { id: 'scenario-description', rows: 2, value: scenario.description || '', onchange: (event) => edit((own) => { own.description = event.target.value; }) })),
        general.length ? problemList(general) : null,
        policies(scenario),
        targetForms(scenario, edit, problemsOf),
        h('div', { class: 'row' },
          h('button', { type: 'button', id: 'download', onclick: download }, t('download')),
          h('label', { class: 'button', for: 'upload' }, t('upload')),
          h('input', { id: 'upload', type: 'file', accept: '.yaml,.yml,text/yaml', class: 'unseen', onchange: upload }),
          h('button', { type: 'button', id: 'edit-yaml', onclick: editYaml }, t('editYaml')),
          scenarios.length > 1 ? h('button', { type: 'button', id: 'remove-scenario', onclick: remove }, t('removeScenario')) : null),
        yaml ? yaml.element : null)),
    h('div', { class: 'card' }, settings()));
  }

  runs.onChange((what) => { if (what === 'problems' || (what === 'run' && root.querySelector('[aria-invalid]'))) draw(); });
  return { draw };
}

export function problemList(problems) {
  return h('div', { role: 'alert' }, h('ul', { class: 'problems' }, problems.map((each) => h('li', {}, problemText(each)))));
}

/** Go to the results, which stand below where the window is narrow. */
function toResults() {
  const title = document.getElementById('results-title');
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}

/** Return what is wrong, where, what is allowed and what was probably meant. */
export function problemText(problem) {
  const parts = [];
  if (problem.line) parts.push(t('lineColumn', { line: problem.line, column: problem.column }));
  parts.push(problem.key ? `${problem.key}: ${both(problem.found)}` : both(problem.found));
  if (problem.suggestion) parts.push(t('meant', { word: problem.suggestion }));
  const allowed = both(problem.allowed);
  if (allowed && !(problem.suggestion && allowed.length > MOST_ALLOWED)) parts.push(`${t('allowed')}: ${allowed}`);
  return parts.join('; ');
}
