// Why a request did not succeed, in a form the pages can show. `status` 0: no answer came.
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: string,
    readonly field: string,
    readonly requestId: string,
  ) {
    super(text);
    this.name = 'Failure';
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function failureFrom(status: number, body: unknown): Failure {
  const error = body !== null && typeof body === 'object' && 'error' in body ? body.error : undefined;
  if (error === undefined || error === null || typeof error !== 'object') return new Failure(status, '', '', '', '');
  const fields = error as Record<string, unknown>;
  return new Failure(
    status,
    textOf(fields['code']),
    textOf(fields['message']),
    textOf(fields['field']),
    textOf(fields['request_id']),
  );
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, 'offline', '', '', '');
}
