// Scenarios side by side, up to four: each with a name, policies, targets and a file; and how they are simulated.

import { once } from './api.js';
import { actingSelect, field, h, show } from './dom.js';
import { both, t } from './language.js';
import { policySection } from './policies.js';
import { problemList } from './problems.js';
import { SETTINGS, settingsForm } from './settings.js';
import { shippedScenario } from './starts.js';
import { change, current, freeName, inOneLanguage, look } from './state.js';
import { targetForms } from './targets.js';
import { scenarioFile } from './yaml.js';

const MOST = 4;

const index = () => Math.min(current().view.current, current().scenarios.length - 1);
const edit = (action) => change((state) => action(state.scenarios[index()]));
const isSameRegion = (one, other) => JSON.stringify(one.region) === JSON.stringify(other.region);

export function editor(root, runs) {
  let shipped = [],
    drawn = null;
  once('scenarios').then((answer) => {
    shipped = answer;
  });
  const ofThis = () => runs.problems.filter((each) => (each.scenario ?? 0) === index());
  const problemsOf = (key) => ofThis().filter((each) => each.key === key || each.key.startsWith(`${key}.`));
  const policies = policySection(edit, problemsOf, () => draw());
  const file = scenarioFile(
    () => current().scenarios[index()],
    adopt,
    () => draw(),
    (error) => runs.refuse(error),
  );
  const choose = (position) => {
    file.forget();
    drawn = null;
    look({ current: position });
  };

  /** Return what is wrong with a scenario as a whole: the rest stands at its field. */
  function general() {
    const found = ofThis().filter((each) => !/^(policies|targets)\./.test(each.key) && !SETTINGS.includes(each.key));
    return found.length ? problemList(found) : null;
  }

  function form(scenario) {
    const set = (key) => (event) =>
      edit((own) => {
        own[key] = event.target.value;
      });
    const name = { id: 'scenario-name', value: scenario.name, maxlength: 80, onchange: set('name') };
    const said = {
      id: 'scenario-description',
      rows: 2,
      value: scenario.description || '',
      onchange: set('description'),
    };
    return h(
      'div',
      { id: 'scenario', role: 'tabpanel', 'aria-labelledby': `scenario-${index()}` },
      field('scenario-name', t('name'), h('input', name)),
      field('scenario-description', t('description'), h('textarea', said)),
      general(),
      policies(scenario),
      targetForms(scenario, edit, problemsOf),
      h('div', { class: 'row' }, file.downloader(), file.uploader(), file.writer(), remover()),
      file.panel(),
    );
  }

  const empty = () =>
    h(
      'div',
      { class: 'card' },
      h('h2', {}, t('start')),
      h('p', {}, t('startText')),
      h('div', { class: 'row' }, file.uploader()),
      file.panel(),
    );

  /** Draw the scenario at hand; what is looked at of its results changes nothing here. */
  function draw(what) {
    if (what === 'view' && drawn === index()) return;
    drawn = index();
    const scenario = current().scenarios[drawn];
    if (!scenario) {
      show(root, empty());
      return;
    }
    show(
      root,
      h(
        'div',
        { class: 'card' },
        toResults(),
        h('h2', {}, t('scenarios')),
        tabs(choose),
        adder(shipped),
        form(scenario),
      ),
      h('div', { class: 'card' }, settingsForm(runs.problems)),
    );
  }

  runs.onChange((what) => {
    if (what === 'problems' || (what === 'run' && root.querySelector('[aria-invalid]'))) draw();
  });
  return { draw };
}

function tabs(choose) {
  const tab = (scenario, position) => {
    const attributes = {
      type: 'button',
      role: 'tab',
      id: `scenario-${position}`,
      'aria-selected': position === index() ? 'true' : 'false',
      'aria-controls': 'scenario',
      class: `scenario c${position}`,
      onclick: () => choose(position),
    };
    const says = position === 0 && scenario.name.toLowerCase() !== t('baseline');
    return h('button', attributes, scenario.name || '–', says ? h('small', {}, ` ${t('baseline')}`) : null);
  };
  return h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('scenarios') }, current().scenarios.map(tab));
}

/** Return the choice of what another scenario begins with. */
function adder(shipped) {
  const { scenarios } = current();
  if (scenarios.length >= MOST) return h('p', { class: 'hint' }, t('upToFour'));
  const copies = scenarios.map(({ name }, position) => [`copy:${position}`, t('copyOf', { name })]);
  const others = shipped
    .filter((each) => each.policies > 0)
    .map((each) => [each.id, t('named', { place: both(each.region), name: both(each.name) })]);
  const options = (items) => items.map(([value, label]) => h('option', { value }, label));
  return h(
    'div',
    { class: 'row' },
    h('label', { for: 'add-scenario', class: 'unseen' }, t('addScenario')),
    actingSelect(
      { id: 'add-scenario', onchange: (event) => add(event.target.value) },
      h('option', { value: '' }, `+ ${t('addScenario')}`),
      options(copies),
      h('optgroup', { label: t('fromShipped') }, options(others)),
    ),
  );
}

async function add(choice) {
  if (!choice) return;
  const { scenarios } = current();
  const isCopy = choice.startsWith('copy:');
  const scenario = isCopy
    ? copied(scenarios[Number(choice.slice(5))])
    : adapted(await shippedScenario(choice), scenarios[0]);
  change((state) => state.scenarios.push(scenario));
  look({ current: current().scenarios.length - 1 });
}

function copied(from) {
  const isPlan = Object.keys(from.policies || {}).length > 0;
  return {
    ...structuredClone(from),
    name: freeName(isPlan ? `${from.name} ${t('copyWord')}` : t('plan')),
    description: '',
  };
}

/** Return another county's scenario for this one: its policies, everywhere; nothing that was said of its own counties. */
function adapted(from, base) {
  const own = isSameRegion(from, base);
  const policies = structuredClone(from.policies || {});
  const forAll = (policy) => {
    delete policy.counties;
    delete policy.county_types;
  };
  if (!own) Object.values(policies).forEach(forAll);
  const kept = own ? { targets: from.targets, parameters: from.parameters, county_types: from.county_types } : {};
  const { name, description = '' } = from;
  return { ...structuredClone(base), name: freeName(name), description, policies, ...kept };
}

/** Take a scenario from a file: in the place of the one at hand, or alone where it is of another region. */
function adopt(read) {
  const scenario = inOneLanguage(read);
  const first = current().scenarios[0];
  change((state) => {
    if (!first || !isSameRegion(first, scenario)) {
      state.scenarios = [scenario];
      return;
    }
    const others = state.scenarios.filter((_, position) => position !== index());
    const isTaken = others.some((each) => each.name === scenario.name);
    state.scenarios[index()] = isTaken ? { ...scenario, name: freeName(scenario.name) } : scenario;
  });
}

function remover() {
  if (current().scenarios.length < 2) return null;
  const remove = () => {
    const position = index();
    change((state) => {
      state.scenarios.splice(position, 1);
    });
    look({ current: Math.max(0, position - 1) });
  };
  return h('button', { type: 'button', id: 'remove-scenario', onclick: remove }, t('removeScenario'));
}

/** Return what leads to the results, which stand below where the window is narrow. */
function toResults() {
  const go = () => {
    const title = document.getElementById('results-title');
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  };
  return h('button', { type: 'button', id: 'to-results', class: 'when-narrow', onclick: go }, `${t('results')} ↓`);
}
