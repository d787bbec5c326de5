import { Button } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import type { Usefulness } from '../api/types';
import { useLabels } from '../shared/labels';
import { FailureNotice } from '../shared/ui';
import { useWords } from '../words/words';

export interface FeedbackBody {
  usefulness: Usefulness | null;
  outcomes: { code: string; on: string | null }[];
  gaps: string[];
}

function Codes({
  list,
  title,
  chosen,
  onChange,
  beside,
}: {
  list: string;
  title: string;
  chosen: readonly string[];
  onChange: (codes: string[]) => void;
  beside?: (code: string, label: string) => ReactNode; // Of what is chosen.
}) {
  const { choices } = useLabels();
  return (
    <details className="fold" open={chosen.length > 0}>
      <summary>
        {title} <span className="quiet">{chosen.length === 0 ? '' : chosen.length}</span>
      </summary>
      <fieldset className="choices feedback-codes">
        <legend className="visually-hidden">{title}</legend>
        {choices(list).map((one) => (
          <div key={one.value} className="feedback-code">
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(one.value)}
                onChange={(event) =>
                  onChange(
                    event.target.checked ? [...chosen, one.value] : chosen.filter((other) => other !== one.value),
                  )
                }
              />
              {one.label}
            </label>
            {chosen.includes(one.value) ? beside?.(one.value, one.label) : null}
          </div>
        ))}
      </fieldset>
    </details>
  );
}

// The day of an outcome, where it is known.
function DayOf({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  const { t } = useWords();
  return (
    <input
      type="date"
      aria-label={t('feedback.day_of', { outcome: label })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

// Two clicks: how useful it was, and Send. What came of it and what was missing are there for who has the time.
export function FeedbackForm({
  busy,
  error,
  onSend,
}: {
  busy: boolean;
  error: unknown;
  onSend: (body: FeedbackBody) => Promise<boolean>;
}) {
  const { t } = useWords();
  const { choices } = useLabels();
  const name = useId();
  const [usefulness, setUsefulness] = useState<Usefulness | null>(null);
  const [outcomes, setOutcomes] = useState<string[]>([]);
  const [days, setDays] = useState<Record<string, string>>({});
  const [gaps, setGaps] = useState<string[]>([]);
  const nothing = usefulness === null && outcomes.length === 0 && gaps.length === 0;
  const send = async () => {
    const body = { usefulness, outcomes: outcomes.map((code) => ({ code, on: days[code] || null })), gaps };
    if (!(await onSend(body))) return;
    setUsefulness(null);
    setOutcomes([]);
    setDays({});
    setGaps([]);
  };
  return (
    <div className="stack">
      <p className="quiet">{t('feedback.about')}</p>
      <fieldset className="choices">
        <legend>{t('feedback.useful')}</legend>
        {choices('feedback_usefulness').map((one) => (
          <label key={one.value}>
            <input
              type="radio"
              name={name}
              checked={usefulness === one.value}
              onChange={() => setUsefulness(one.value as Usefulness)}
            />
            {one.label}
          </label>
        ))}
      </fieldset>
      <Codes
        list="feedback_outcomes"
        title={t('feedback.outcomes')}
        chosen={outcomes}
        onChange={setOutcomes}
        beside={(code, label) => (
          <DayOf label={label} value={days[code] ?? ''} onChange={(day) => setDays({ ...days, [code]: day })} />
        )}
      />
      <Codes list="feedback_gaps" title={t('feedback.gaps')} chosen={gaps} onChange={setGaps} />
      {error === null ? null : <FailureNotice error={error} />}
      <div>
        <Button size="xs" loading={busy} disabled={nothing} onClick={() => void send()}>
          {t('feedback.send')}
        </Button>
      </div>
    </div>
  );
}
