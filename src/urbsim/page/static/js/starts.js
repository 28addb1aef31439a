// What one begins with: the baseline of a place, or a scenario that comes with urbsim.

import { get, once } from './api.js';
import { both, t } from './language.js';
import { change, look } from './state.js';

/** Return the scenario that a region begins with. */
const firstScenario = (place) => ({
  name: t('defaultBaseline'),
  description: '',
  region: place.code,
  start: '2020-11',
  until: '2035-12',
  scale: 0.02,
});

/** Begin with the baseline of a place. */
export function usePlace(place) {
  change((state) => {
    state.scenarios = [firstScenario(place)];
    state.settings.scale = scaleFor(place.residents);
    delete state.settings.until;
  });
  look({ current: 0 });
}

/** A share that simulates about ten thousand people. */
const scaleFor = (residents) => Number(Math.min(1, Math.max(0.0002, 10000 / residents)).toPrecision(1));

/** Return a scenario that comes with urbsim, called what the page calls it. */
export async function shippedScenario(id) {
  const [answer, listed] = await Promise.all([once(`scenarios/${id}`), once('scenarios')]);
  const told = listed.find((each) => each.id === id);
  return {
    ...structuredClone(answer.scenario),
    ...(told ? { name: both(told.name), description: both(told.description) } : {}),
  };
}

/** Begin with a scenario that comes with urbsim, beside the baseline of its folder. */
export async function startFrom(id) {
  const folder = id.split('/')[0];
  const names = id.endsWith('/baseline.yaml') ? [id] : [`${folder}/baseline.yaml`, id];
  const documents = (await Promise.all(names.map((name) => shippedScenario(name).catch(() => null)))).filter(Boolean);
  if (
    documents.length === 2 &&
    ['region', 'start', 'until'].some((key) => JSON.stringify(documents[0][key]) !== JSON.stringify(documents[1][key]))
  )
    documents.shift();
  const place = await get(`regions/${[documents[0].region].flat()[0]}`).catch(() => null);
  change((state) => {
    state.scenarios = documents;
    state.settings.scale = place ? Math.min(documents[0].scale || 1, scaleFor(place.residents)) : documents[0].scale;
    delete state.settings.until;
  });
  look({ current: documents.length - 1 });
}
