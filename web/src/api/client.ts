import createClient, { type Middleware } from 'openapi-fetch';
import { asFailure, failureFrom } from './failure';
import type { paths } from './generated';

// The one way to the server. Sends the session cookie (same origin), adds the CSRF token to unsafe methods, and tells
// whoever listens when the server says that nobody is signed in any more.

let csrfToken = '';
const endListeners = new Set<() => void>();

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function onSessionEnded(listener: () => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

const PATHS_WHERE_401_IS_AN_ANSWER = ['/api/v1/session', '/api/v1/sign-in'];

const sessionMiddleware: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && request.method !== 'HEAD' && csrfToken !== '') {
      request.headers.set('X-CSRF-Token', csrfToken);
    }
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !PATHS_WHERE_401_IS_AN_ANSWER.includes(schemaPath)) {
      for (const listener of endListeners) listener();
    }
    return undefined;
  },
};

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });
api.use(sessionMiddleware);

// Turns openapi-fetch's pair into a value, or throws a Failure.
export async function take<Data>(call: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const answer = await call.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw asFailure(error);
  });
  if (!answer.response.ok) throw failureFrom(answer.response.status, answer.error);
  return answer.data as Data;
}
