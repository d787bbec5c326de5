import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { api, setCsrfToken, take } from '../api/client';
import { Failure } from '../api/failure';
import { sessionQuery } from '../api/queries';
import { Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { returnPath } from './return_path';
import { CodeStep, EnrolStep, PasswordStep } from './sign_in_steps';
import { useSignOut } from './use_sign_out';

type Step = 'password' | 'code' | 'enrol';

// Talks to the server through the steps of signing in. The password is kept only until the code is accepted.
function useSignIn() {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  const signOut = useSignOut();
  const [credentials, setCredentials] = useState<{ login: string; password: string } | null>(null);
  const [enrolment, setEnrolment] = useState({ secret: '', uri: '' });
  const [codeAsked, setCodeAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const enrolmentAsked = useRef(false);
  const standing = session.data?.second_factor;

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    await work().catch((failure: unknown) => setError(failure));
    setBusy(false);
  };
  const signIn = (login: string, password: string, code?: string) =>
    attempt(async () => {
      setCredentials({ login, password });
      try {
        await take(api.POST('/api/v1/sign-in', { body: { login, password, code: code ?? null } }));
      } catch (failure) {
        if (code !== undefined || !(failure instanceof Failure) || failure.field.replace('/', '') !== 'code')
          throw failure;
        setCodeAsked(true);
        return;
      }
      const fresh = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      if (fresh?.second_factor === 'done') setCredentials(null);
      else if (fresh?.second_factor === 'needed') setCodeAsked(true);
    });

  useEffect(() => {
    if (standing !== 'enrol' || enrolmentAsked.current) return;
    enrolmentAsked.current = true;
    void attempt(async () => setEnrolment(await take(api.POST('/api/v1/second-factor'))));
  }, [standing]);
  const confirm = (code: string) =>
    attempt(async () => {
      await take(api.POST('/api/v1/second-factor/confirm', { body: { code } }));
      setCredentials(null);
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    });
  const back = () => {
    setCredentials(null);
    setCodeAsked(false);
    setError(null);
    setCsrfToken('');
    enrolmentAsked.current = false;
    void signOut();
  };
  const step: Step = standing === 'enrol' ? 'enrol' : codeAsked && credentials !== null ? 'code' : 'password';
  return { session, step, credentials, enrolment, busy, error, signIn, confirm, back };
}

export function SignInPage() {
  const { t } = useWords();
  const [search] = useSearchParams();
  const { session, step, credentials, enrolment, busy, error, signIn, confirm, back } = useSignIn();
  useEffect(() => {
    document.title = `${t('signin.title')} · Porchlight`;
  }, [t]);
  if (session.isPending) return <Waiting />;
  if (session.data?.second_factor === 'done') return <Navigate to={returnPath(search)} replace />;
  const form = {
    password: () => (
      <PasswordStep busy={busy} error={error} onSubmit={(login, password) => void signIn(login, password)} />
    ),
    code: () => (
      <CodeStep
        busy={busy}
        error={error}
        onBack={back}
        onSubmit={(code) => void signIn(credentials?.login ?? '', credentials?.password ?? '', code)}
      />
    ),
    enrol: () => (
      <EnrolStep
        busy={busy}
        error={error}
        secret={enrolment.secret}
        uri={enrolment.uri}
        onBack={back}
        onSubmit={(code) => void confirm(code)}
      />
    ),
  }[step];
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-brand">Porchlight</p>
        <h1>{t(`signin.step.${step}`)}</h1>
        {search.has('to') && step === 'password' ? <p className="quiet">{t('signin.to_continue')}</p> : null}
        {form()}
      </div>
      <p className="quiet">{t('signin.staff_only')}</p>
    </main>
  );
}
