// Asking the server. Every answer that is no success is an error with words for people and the mistakes of a scenario.

import { both, pair } from './language.js';

export class Refused extends Error {
  constructor(status, body) {
    super();
    this.status = status;
    this.words = body.error || `HTTP ${status}`;
    this.problems = body.problems || [];
  }

  /** What is wrong, in the language of the page at this moment. */
  get message() {
    return both(this.words);
  }
}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method,
      headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, { error: pair('offline') });
  }
  const text = await answer.text();
  let data = text;
  if ((answer.headers.get('content-type') || '').includes('json')) data = JSON.parse(text);
  if (!answer.ok)
    throw new Refused(answer.status, typeof data === 'object' && data ? data : { error: text.slice(0, 200) });
  return data;
}

export const get = (path) => ask('GET', path);
export const post = (path, body) => ask('POST', path, body === undefined ? {} : body);
export const remove = (path) => ask('DELETE', path);

const kept = new Map();

/** Return an answer that does not change while the server runs. */
export function once(path) {
  if (!kept.has(path))
    kept.set(
      path,
      get(path).catch((error) => {
        kept.delete(path);
        throw error;
      }),
    );
  return kept.get(path);
}

/** Watch a job until it has ended; returns what stops watching. A server that is away is asked again. */
export function watch(job, changed) {
  let stopped = false,
    events = null,
    waiting = 0,
    last = job;
  const open = () => {
    if (stopped) return;
    events = new EventSource(`/api/jobs/${job.id}/events`);
    events.onmessage = (message) => {
      last = JSON.parse(message.data);
      if (ended(last)) stop();
      changed(last);
    };
    events.onerror = () => {
      events.close();
      changed({ ...last, status: 'away' });
      waiting = setTimeout(open, 1500);
    };
  };
  const stop = () => {
    stopped = true;
    clearTimeout(waiting);
    if (events) events.close();
  };
  open();
  return stop;
}

export const ended = (job) => ['done', 'failed', 'cancelled'].includes(job.status);

/** Return a job when it has ended; `seen` is told of every change. */
export function finished(job, seen = () => {}) {
  return new Promise((resolve, reject) => {
    watch(job, (now) => {
      seen(now);
      if (now.status === 'done') resolve(now);
      else if (ended(now)) reject(new Refused(500, { error: now.error || pair(now.status) }));
    });
  });
}
