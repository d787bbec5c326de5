import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Blur, Exposure, FileView, Reveal } from '../api/types';
import { asFailure } from '../api/failure';
import { Dialog } from '../shared/dialog';
import { useLabels } from '../shared/labels';
import { Chip, FailureNotice } from '../shared/ui';
import { useWords } from '../words/words';
import { PreviewCanvas } from './preview_canvas';
import { myExposureQuery } from './queries';
import { lessBlur, minutes, moreBlur, wishOf, type Showing } from './reveal';
import { useReveal, type Revealing } from './use_reveal';

interface RevealedFile {
  report: number;
  file: FileView;
  number: number;
}

// Chosen once for each report; asked all the same.
let chosenBefore = { report: 0, purpose: '' };

export function OwnExposure({ exposure }: { exposure: Exposure }) {
  const { t } = useWords();
  return (
    <p className="quiet" role="status">
      {t('reveal.today', {
        files: exposure.files,
        files_max: exposure.files_max,
        minutes: minutes(exposure.seconds),
        minutes_max: minutes(exposure.seconds_max),
        unblurred: exposure.unblurred,
      })}{' '}
      {exposure.reached ? (
        <Chip tone="bad">{t('reveal.reached')}</Chip>
      ) : exposure.near ? (
        <Chip tone="warn">{t('reveal.near')}</Chip>
      ) : null}
    </p>
  );
}

// Our own words for what this dialog can be refused; the server's for the rest.
function Refusal({ error }: { error: unknown }) {
  const { find } = useWords();
  const words = find(`reveal.refused.${asFailure(error).field}`);
  if (words === undefined) return <FailureNotice error={error} />;
  return (
    <p className="notice" role="alert">
      {words}
    </p>
  );
}

// Before anything is seen: what it is, in text, and what for.
function Asking({
  file,
  purpose,
  onPurpose,
  revealing,
}: {
  file: FileView;
  purpose: string;
  onPurpose: (purpose: string) => void;
  revealing: Revealing;
}) {
  const { t } = useWords();
  const { label, choices } = useLabels();
  const exposure = useQuery(myExposureQuery).data;
  const classified = file.industry_classification ?? '';
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        revealing.step('strong');
      }}
    >
      <p>{t('reveal.about')}</p>
      {classified === '' ? null : (
        <p>
          <strong>{t('reveal.classified', { as: label('industry_classifications', classified) })}</strong>
        </p>
      )}
      {exposure === undefined ? null : <OwnExposure exposure={exposure} />}
      <label className="stack">
        {t('reveal.purpose')}
        <select value={purpose} required onChange={(event) => onPurpose(event.target.value)} data-autofocus>
          <option value="">{t('purpose.choose')}</option>
          {choices('audit_purposes').map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      {revealing.error === null ? null : <Refusal error={revealing.error} />}
      <Group>
        <Button type="submit" loading={revealing.busy} disabled={purpose === ''}>
          {t('reveal.show')}
        </Button>
      </Group>
    </form>
  );
}

function Shown({
  showing,
  reveal,
  named,
  revealing,
  onHide,
}: {
  showing: Showing;
  reveal: Reveal;
  named: RevealedFile;
  revealing: Revealing;
  onHide: () => void;
}) {
  const { t, tn } = useWords();
  const { label } = useLabels();
  const [asksSharp, setAsksSharp] = useState(false);
  const less = lessBlur(showing.blur);
  const more = moreBlur(showing.blur);
  const goTo = (blur: Blur | null) => {
    if (blur === null) return;
    // Without blur is a step of its own, asked for twice, once.
    if (blur === 'none' && showing.seen.none === undefined && !asksSharp) {
      setAsksSharp(true);
      return;
    }
    setAsksSharp(false);
    revealing.step(blur);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const wish = wishOf(event);
      if (wish === null) return;
      event.preventDefault();
      goTo(wish === 'less' ? less : more);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  const alt = t('reveal.alt', {
    number: named.number,
    report: named.report,
    kind: label('file_kinds', named.file.kind),
    blur: t(`reveal.blur.${showing.blur}`),
  });
  return (
    <div className="stack">
      <div className="preview-frame">
        <PreviewCanvas reveal={reveal} alt={alt} />
      </div>
      <p role="status">
        {t(`reveal.blur.${showing.blur}`)}. {reveal.complete ? null : `${t('reveal.incomplete')} `}
        <span className="quiet">{tn('reveal.hides', reveal.hide_after_seconds)}</span>
      </p>
      <Group className="preview-keys">
        <Button onClick={onHide} data-autofocus>
          {t('reveal.hide')} <kbd aria-hidden>Esc</kbd>
        </Button>
        {more === null ? null : (
          <Button variant="default" disabled={revealing.busy} onClick={() => goTo(more)}>
            {t('reveal.more_blur')} <kbd aria-hidden>-</kbd>
          </Button>
        )}
        {less === null || asksSharp ? null : (
          <Button variant="default" loading={revealing.busy} onClick={() => goTo(less)}>
            {t(less === 'none' ? 'reveal.sharp' : 'reveal.less_blur')} <kbd aria-hidden>+</kbd>
          </Button>
        )}
        {asksSharp ? (
          <Button color="red" loading={revealing.busy} onClick={() => goTo('none')}>
            {t('reveal.sharp_sure')} <kbd aria-hidden>+</kbd>
          </Button>
        ) : null}
      </Group>
      {asksSharp ? <p role="alert">{t('reveal.sharp_about')}</p> : null}
      {revealing.error === null ? null : <Refusal error={revealing.error} />}
      <OwnExposure exposure={reveal.exposure} />
    </div>
  );
}

// Nothing stays on the screen by itself: not after a while, not while nobody looks at this window.
function useHiding(reveal: Reveal | undefined, onHide: () => void) {
  useEffect(() => {
    if (reveal === undefined) return undefined;
    const timer = setTimeout(onHide, reveal.hide_after_seconds * 1000);
    const onVisibility = () => {
      if (document.hidden) onHide();
    };
    window.addEventListener('blur', onHide);
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('blur', onHide);
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [reveal, onHide]);
}

// Shows one file, on request, for a purpose: grey, small, and at first strongly blurred.
export function RevealDialog({ onClose, ...named }: RevealedFile & { onClose: () => void }) {
  const { t } = useWords();
  const [purpose, choose] = useState(chosenBefore.report === named.report ? chosenBefore.purpose : '');
  const onPurpose = (wanted: string) => {
    chosenBefore = { report: named.report, purpose: wanted };
    choose(wanted);
  };
  const revealing = useReveal(named.file.id, purpose);
  const { showing } = revealing;
  const reveal = showing?.seen[showing.blur];
  useHiding(reveal, onClose);
  return (
    <Dialog open onClose={onClose} title={t('reveal.title', { number: named.number, report: named.report })}>
      {showing === null || reveal === undefined ? (
        <Asking file={named.file} purpose={purpose} onPurpose={onPurpose} revealing={revealing} />
      ) : (
        <Shown showing={showing} reveal={reveal} named={named} revealing={revealing} onHide={onClose} />
      )}
    </Dialog>
  );
}
