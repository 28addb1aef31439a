// The policies of a scenario: their forms, and the catalogue that one is added from.

import { once } from './api.js';
import { announce, h } from './dom.js';
import { catalogue, policyForm } from './forms.js';
import { bracketed, t } from './language.js';
import { toldApart } from './names.js';

/** Years after its start in which a scenario's new policy begins. */
const YEARS_BEFORE = 2;

/** Return the section of policies; `edit(action)` changes the scenario, `problemsOf(key)` is what is wrong below a key. */
export function policySection(edit, problemsOf, draw) {
  let levers = new Map(),
    adding = false,
    filter = '';
  once('policies')
    .then((answer) => {
      levers = new Map(answer.map((each) => [each.lever, each]));
      draw();
    })
    .catch((error) => announce(error.message));

  const toggle = () => {
    adding = !adding;
    draw();
  };
  const seek = (text) => {
    filter = text;
    draw();
  };

  function add(scenario, lever) {
    const name = freeKey(scenario.policies || {}, lever.lever);
    const start = `${Number(scenario.start.slice(0, 4)) + YEARS_BEFORE}-01`;
    adding = false;
    filter = '';
    edit((own) => {
      own.policies = { ...own.policies, [name]: { lever: lever.lever, start, ...structuredClone(lever.example) } };
    });
    const form = document.getElementById(`policy-${name}`);
    if (!form) return; // it is drawn when nothing is in hand
    form.open = true;
    form.querySelector('summary').focus();
  }

  /** Return what makes the form of one of the policies. */
  const formOf =
    (all) =>
    ([name, policy]) => {
      const set = (field, value) =>
        edit(({ policies }) => {
          if (value === null) delete policies[name][field];
          else policies[name][field] = value;
        });
      const remove = () => edit(({ policies }) => delete policies[name]);
      const prefix = `policies.${name}`;
      const apart = toldApart(name, all, levers);
      const given = { problems: problemsOf(prefix), prefix, apart, set, remove };
      return policyForm(name, policy, levers.get(policy.lever), given);
    };

  /** Return the section of one scenario. */
  return (scenario) => {
    const entries = Object.entries(scenario.policies || {});
    const attributes = {
      type: 'button',
      id: 'add-policy',
      'aria-expanded': adding ? 'true' : 'false',
      onclick: toggle,
    };
    return h(
      'section',
      { 'aria-labelledby': 'policies-title' },
      h('h3', { id: 'policies-title' }, bracketed(t('policies'), entries.length)),
      entries.length ? null : h('p', { class: 'hint' }, t('noPolicies')),
      levers.size ? entries.map(formOf(scenario.policies)) : null,
      h('button', attributes, `+ ${t('addPolicy')}`),
      adding ? catalogue([...levers.values()], filter, seek, (lever) => add(scenario, lever)) : null,
    );
  };
}

/** Return a key that no policy has. */
function freeKey(policies, lever) {
  let key = lever;
  for (let number = 2; key in policies; number += 1) key = `${lever}_${number}`;
  return key;
}
