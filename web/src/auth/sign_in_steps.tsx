import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { FailureNotice } from '../shared/ui';
import { useWords } from '../words/words';
import { QrCode } from './qr';

// The three forms of signing in. They draw; sign_in_page.tsx asks the server.

interface StepProps {
  busy: boolean;
  error: unknown;
}

export function PasswordStep({
  busy,
  error,
  onSubmit,
}: StepProps & { onSubmit: (login: string, password: string) => void }) {
  const { t } = useWords();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(login.trim(), password);
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label={t('signin.login')}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        autoFocus
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('signin.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('signin.show_password'), tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {error === null ? null : <FailureNotice error={error} />}
      <Button type="submit" loading={busy} fullWidth>
        {t('signin.submit')}
      </Button>
    </form>
  );
}

export function CodeStep({
  busy,
  error,
  onSubmit,
  onBack,
}: StepProps & { onSubmit: (code: string) => void; onBack: () => void }) {
  const { t } = useWords();
  return (
    <div className="stack">
      <CodeForm busy={busy} error={error} about={t('signin.code_about')} onSubmit={onSubmit} />
      <Button variant="subtle" onClick={onBack}>
        {t('signin.other_account')}
      </Button>
    </div>
  );
}

function CodeForm({ busy, error, about, onSubmit }: StepProps & { about: string; onSubmit: (code: string) => void }) {
  const { t } = useWords();
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(code.replace(/\s/g, ''));
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label={t('signin.code')}
        description={about}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={9}
        required
        withAsterisk={false}
        autoFocus
        classNames={{ input: 'code-input' }}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {error === null ? null : <FailureNotice error={error} />}
      <Button type="submit" loading={busy} fullWidth>
        {t('signin.confirm')}
      </Button>
    </form>
  );
}

// A person's role asks for a second factor that does not exist yet.
export function EnrolStep({
  busy,
  error,
  secret,
  uri,
  onSubmit,
  onBack,
}: StepProps & {
  secret: string;
  uri: string;
  onSubmit: (code: string) => void;
  onBack: () => void;
}) {
  const { t } = useWords();
  return (
    <div className="stack">
      <p>{t('signin.enrol_about')}</p>
      {uri === '' ? null : <QrCode text={uri} label={t('signin.qr')} />}
      <details>
        <summary>{t('signin.by_hand')}</summary>
        <code className="secret">{secret.replace(/(.{4})/g, '$1 ').trim()}</code>
      </details>
      <CodeForm busy={busy} error={error} about={t('signin.enrol_code_about')} onSubmit={onSubmit} />
      <Button variant="subtle" onClick={onBack}>
        {t('signin.other_account')}
      </Button>
    </div>
  );
}
