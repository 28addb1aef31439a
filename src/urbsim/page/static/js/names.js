// What policies are called beside their lever, as on the server: by what tells those of one lever apart.

import { lang } from './language.js';

/** Return what tells a policy from others, empty where its lever does: its key, in Chinese what was chosen for it first. */
export function toldApart(name, policies, levers) {
  const key = name === policies[name].lever ? '' : name.replaceAll('_', ' ');
  if (lang() !== 'zh') return key;
  const alike = Object.values(policies).filter((each) => each.lever === policies[name].lever);
  if (alike.length === 1) return '';
  const own = chosen(policies[name], levers);
  const isOne = own && alike.filter((each) => chosen(each, levers) === own).length === 1;
  return (isOne ? [own] : [own, key]).filter(Boolean).join('，');
}

/** Return in Chinese what was chosen of the choices of a policy's lever: a sector, a stage of school, zones. */
function chosen(policy, levers) {
  const fields = levers.get(policy.lever)?.fields.filter((field) => field.choices.length) || [];
  const of = (field) =>
    [policy[field.name] ?? []].flat().map((value) => field.choices.find((each) => each.value === value)?.zh);
  return fields
    .map((field) => of(field).filter(Boolean).join('、'))
    .filter(Boolean)
    .join('，');
}
