// Runs of the present scenarios: a sketch at once, all draws behind it, results as they come.

import { ended, get, post, remove, Refused, watch } from './api.js';
import { later } from './dom.js';
import { current } from './state.js';

/** Milliseconds without a change after which all draws are run. */
const PATIENCE = 2500;

export class Runs {
  constructor() {
    this.listeners = new Set();
    this.clear();
    this.sketchSoon = later(60, () => this.sketch());
    this.fullSoon = later(PATIENCE, () => this.full());
  }

  clear() {
    this.result = null;
    this.isSketch = false;
    this.jobs = {};
    this.problems = [];
    this.error = null;
    this.asked = '';
  }

  onChange(listener) {
    this.listeners.add(listener);
  }
  tell(what = 'run') {
    this.listeners.forEach((listener) => listener(what));
  }

  body() {
    const { scenarios, settings } = current();
    return {
      scenarios,
      scale: settings.scale,
      seed: settings.seed,
      draws: settings.draws,
      until: settings.until || null,
    };
  }

  /** Ask for results of the present state, if they are not on their way. */
  ask() {
    const { scenarios } = current();
    if (!scenarios.length) {
      this.drop();
      this.clear();
      this.tell();
      return;
    }
    const asked = JSON.stringify(this.body());
    if (asked === this.asked) return;
    this.drop();
    this.asked = asked;
    this.isOld = this.result !== null;
    this.sketchSoon();
    this.fullSoon();
  }

  sketch() {
    return this.start('sketch', { ...this.body(), sketch: true });
  }
  full() {
    return this.start('full', this.body());
  }

  async start(kind, body) {
    const asked = this.asked;
    let job;
    try {
      job = await post('compare', body);
    } catch (error) {
      if (asked === this.asked) this.refuse(error);
      return;
    }
    if (asked !== this.asked) {
      if (kind === 'full' && !ended(job)) this.cancel(job);
      return;
    }
    this.problems = [];
    this.error = null;
    this.jobs[kind] = { job, stop: null, draws: -1 };
    if (ended(job)) this.heard(kind, asked, job);
    else this.jobs[kind].stop = watch(job, (now) => this.heard(kind, asked, now));
    this.tell();
  }

  async heard(kind, asked, job) {
    const entry = this.jobs[kind];
    if (asked !== this.asked || !entry) return;
    entry.job = job;
    const news = job.status === 'done' || job.draws > Math.max(entry.draws, 0);
    if (news && (job.draws !== entry.draws || job.status === 'done') && job.draws > 0) {
      entry.draws = job.draws;
      await this.fetch(kind, asked, job);
    }
    this.tell('job');
  }

  async fetch(kind, asked, job) {
    try {
      const result = await get(`jobs/${job.id}/result`);
      const better = kind === 'full' || !this.result || this.isSketch || this.isOld;
      const hasFull = this.jobs.full && this.jobs.full.draws > 0;
      if (asked !== this.asked || !better || (kind === 'sketch' && hasFull)) return;
      this.result = result;
      this.isSketch = kind === 'sketch';
      this.isOld = false;
      this.tell('result');
    } catch (error) {
      if (asked === this.asked) this.refuse(error);
    }
  }

  refuse(error) {
    this.problems = error instanceof Refused ? error.problems : [];
    this.error = error;
    this.tell('problems');
  }

  /** Stop watching; nobody but this page waits for what is left, so it need not be done. */
  drop() {
    for (const [kind, entry] of Object.entries(this.jobs)) {
      if (entry.stop) entry.stop();
      if (!ended(entry.job)) this.cancel(entry.job, kind === 'sketch' ? 100 : 400);
    }
    this.jobs = {};
  }

  /** Cancel a job that nobody watches, once the server knows that this page does not. */
  cancel(job, milliseconds = 400) {
    setTimeout(() => remove(`jobs/${job.id}?unwatched=true`).catch(() => {}), milliseconds);
  }

  async cancelFull() {
    const entry = this.jobs.full;
    if (entry && !ended(entry.job)) await remove(`jobs/${entry.job.id}`).catch(() => {});
  }

  /** Leave the room: what is simulated goes on. */
  leave() {
    Object.values(this.jobs).forEach((entry) => entry.stop && entry.stop());
    this.listeners.clear();
  }
}
