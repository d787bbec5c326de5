import { Alert, Button, Loader } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { asFailure, type Failure } from '../api/failure';
import { useWords, type Speaker } from '../words/words';

// The small pieces every page is made of.

export function Page({
  title,
  lead,
  actions,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Porchlight`;
  }, [title]);
  // A page that opens is announced and read from its heading.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={wide ? 'page page-wide' : 'page'}>
      <header className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p className="quiet">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Panel({
  title,
  note,
  actions,
  children,
  id,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="panel" aria-label={title} id={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {note === undefined ? null : <span className="quiet">{note}</span>}
        {actions === undefined ? null : <div className="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export type Tone = 'plain' | 'calm' | 'good' | 'warn' | 'bad' | 'busy';

// Tone is never the only sign: the words say the same.
export function Chip({ tone = 'plain', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function failureText(failure: Failure, t: Speaker['t']): string {
  if (failure.isOffline) return t('failure.offline');
  if (failure.text !== '') return failure.text;
  switch (failure.status) {
    case 401:
      return t('failure.signed_out');
    case 403:
      return t('failure.forbidden');
    case 404:
      return t('failure.not_found');
    case 429:
      return t('failure.too_many');
    case 503:
      return t('failure.unavailable');
    default:
      return t('failure.other');
  }
}

export function FailureNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useWords();
  const failure = asFailure(error);
  return (
    <Alert color="red" variant="light" role="alert" className="notice">
      <p>{failureText(failure, t)}</p>
      {failure.requestId === '' ? null : <p className="quiet">{t('failure.request', { id: failure.requestId })}</p>}
      {retry === undefined ? null : (
        <Button size="xs" variant="default" onClick={retry}>
          {t('action.retry')}
        </Button>
      )}
    </Alert>
  );
}

export function Waiting() {
  const { t } = useWords();
  return (
    <div className="waiting" role="status">
      <Loader size="sm" aria-hidden /> <span>{t('state.loading')}</span>
    </div>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

// Shows what a query has: waiting, failed, or its data.
export function Loaded<Data>({
  query,
  children,
}: {
  query: { data: Data | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <FailureNotice error={query.error} retry={() => void query.refetch()} />;
  return <Waiting />;
}
