import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, take } from '../api/client';
import { asFailure } from '../api/failure';
import { Dialog } from '../shared/dialog';
import { FailureNotice } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';

const KINDS = ['email', 'phone', 'screen_name', 'user_id', 'profile_url'] as const;
const DAYS = [90, 180, 365, 730] as const;
type Kind = (typeof KINDS)[number];

const NOTHING = { value: '', service: '', reference: '', contact_name: '', contact_phone: '' };
type Texts = typeof NOTHING;

// Says that the officer's agency works on somebody.
export function InterestForm({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useWords();
  const [kind, setKind] = useState<Kind>('email');
  const [days, setDays] = useState<number>(365);
  const [texts, setTexts] = useState<Texts>(NOTHING);
  const { busy, error, run } = useAct(onDone);
  const field = error === null ? '' : asFailure(error).field;
  const text = (name: keyof Texts, extra: { type?: string; required?: boolean } = {}) => (
    <TextInput
      label={t(`interest.${name}`)}
      value={texts[name]}
      required={extra.required ?? true}
      type={extra.type ?? 'text'}
      autoComplete="off"
      description={name === 'value' && kind === 'phone' ? t('interest.phone_hint') : undefined}
      error={field === `/${name}`}
      onChange={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
    />
  );
  const scoped = kind === 'user_id' || kind === 'screen_name';
  const send = () =>
    run(() =>
      take(
        api.POST('/api/v1/agency/interests', { body: { ...texts, kind, service: scoped ? texts.service : '', days } }),
      ),
    );
  return (
    <Dialog open onClose={onClose} title={t('interest.open')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>{t('interest.about')}</p>
        <label className="stack">
          {t('interest.kind')}
          <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`interest.kind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {text('value')}
        {scoped ? text('service', { required: kind === 'user_id' }) : null}
        {text('reference')}
        {text('contact_name')}
        {text('contact_phone', { type: 'tel' })}
        <label className="stack">
          {t('interest.days')}
          <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {t('interest.for_days', { count: one })}
              </option>
            ))}
          </select>
        </label>
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {t('interest.open_now')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
