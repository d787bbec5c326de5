import { Button, Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, take } from '../api/client';
import { Failure } from '../api/failure';
import type { Agency, DeliveryDetail } from '../api/types';
import { CallFirst } from '../deconfliction/call_first';
import { AgencyPicker } from '../referrals/agency_picker';
import { Dialog } from '../shared/dialog';
import { bytes } from '../shared/format';
import { DateOnly, Exact } from '../shared/moment';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Page, Panel, Waiting } from '../shared/ui';
import { useAct, type Acting } from '../shared/use_act';
import { useWords } from '../words/words';
import { DeliveredReport } from './delivered_report';
import { DaysLeft } from './days_left';
import { SamePerson } from './same_person';
import { FeedbackForm } from './feedback_form';
import { deliveryQuery } from './queries';
import './agency.css';

// Law: a provider keeps what it reported for a year; the date stands before everything else.
function Preservation({ until }: { until: string | null }) {
  const { t } = useWords();
  if (until === null) return null;
  return (
    <p className="preservation">
      {t('delivery.keeps')}{' '}
      <strong>
        <DateOnly at={until} />
      </strong>
      . {t('delivery.keeps_after')} <DaysLeft until={until} />
    </p>
  );
}

function Redirect({ detail, acting, onClose }: { detail: DeliveryDetail; acting: Acting; onClose: () => void }) {
  const { t } = useWords();
  const [agency, setAgency] = useState<Agency | null>(null);
  const send = async () => {
    const path = { id: detail.delivery.id };
    const body = { agency: agency?.code ?? '' };
    const done = await acting.run(() =>
      take(api.POST('/api/v1/agency/deliveries/{id}/redirect', { params: { path }, body })),
    );
    if (done) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t('delivery.redirect_title', { id: detail.delivery.report_id })}>
      <div className="stack">
        {agency === null ? null : <p>{agency.name}</p>}
        <AgencyPicker onPick={setAgency} />
        {acting.error === null ? null : <FailureNotice error={acting.error} />}
        <Group>
          <Button loading={acting.busy} disabled={agency === null} onClick={() => void send()}>
            {t('delivery.redirect_now')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}

// Whoever has no key for it must learn so before the download, and how it is opened.
function Encrypted({ to }: { to: readonly string[] }) {
  const { t } = useWords();
  return (
    <details className="fold">
      <summary>{t('delivery.encrypted')}</summary>
      <p>{t('delivery.encrypted_how')}</p>
      <pre className="digest">
        openssl cms -decrypt -binary -inform DER -in PACKAGE.zip.p7m -inkey KEY.pem -out PACKAGE.zip
      </pre>
      <p className="quiet">{t('delivery.encrypted_to')}</p>
      <ul className="digest">
        {to.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </details>
  );
}

function Acts({ detail, acting }: { detail: DeliveryDetail; acting: Acting }) {
  const { t, find, language } = useWords();
  const mayAct = useMay('actOnDeliveries');
  const [sending, setSending] = useState(false);
  const { delivery } = detail;
  const path = { id: delivery.id };
  const pack = detail.package;
  return (
    <Panel title={t('inbox.state')} note={find(`delivery_state.${delivery.state}`) ?? delivery.state}>
      <p>{t('delivery.basis', { why: find(`basis.${delivery.basis}`) ?? delivery.basis })}</p>
      <Group>
        {mayAct && delivery.acknowledged_at === null ? (
          <Button
            size="xs"
            loading={acting.busy}
            onClick={() =>
              void acting.run(() => take(api.POST('/api/v1/agency/deliveries/{id}/acknowledge', { params: { path } })))
            }
          >
            {t('delivery.acknowledge')}
          </Button>
        ) : null}
        {delivery.acknowledged_at === null ? null : <Chip tone="good">{t('delivery.acknowledged')}</Chip>}
        <a className="download" href={`/api/v1/agency/deliveries/${delivery.id}/package`} download>
          {t('delivery.download')}
        </a>
        {mayAct && !delivery.redirected ? (
          <Button size="xs" variant="default" onClick={() => setSending(true)}>
            {t('delivery.redirect')}
          </Button>
        ) : null}
        {delivery.redirected ? <Chip>{t('delivery.redirected')}</Chip> : null}
      </Group>
      <p className="quiet digest">
        {pack === null
          ? t('delivery.preparing')
          : t('delivery.package', { number: pack.number, size: bytes(pack.bytes, language), digest: pack.sha256 })}
      </p>
      {pack === null || pack.encrypted_to.length === 0 ? null : <Encrypted to={pack.encrypted_to} />}
      {sending ? <Redirect detail={detail} acting={acting} onClose={() => setSending(false)} /> : null}
      {!sending && acting.error !== null ? <FailureNotice error={acting.error} /> : null}
    </Panel>
  );
}

function Said({ feedback }: { feedback: DeliveryDetail['feedback'] }) {
  const { t, find } = useWords();
  if (feedback.length === 0) return null;
  return (
    <details className="fold">
      <summary>
        {t('feedback.said')} <span className="quiet">{feedback.length}</span>
      </summary>
      <ul>
        {feedback.map((one, index) => (
          <li key={index}>
            <Exact at={one.at} />:{' '}
            {[one.usefulness ?? '', ...one.outcomes.map((each) => each.code), ...one.gaps]
              .filter(Boolean)
              .map((code) => find(`feedback.${code}`) ?? code.replaceAll('_', ' '))
              .join(', ')}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Answers({ detail, onDone }: { detail: DeliveryDetail; onDone: () => void }) {
  const { t } = useWords();
  const mayAct = useMay('actOnDeliveries');
  const acting = useAct(onDone);
  const [sent, setSent] = useState(false);
  if (!mayAct) return null;
  const path = { id: detail.delivery.id };
  return (
    <Panel title={t('feedback.title')}>
      <FeedbackForm
        busy={acting.busy}
        error={acting.error}
        onSend={async (body) => {
          const done = await acting.run(() =>
            take(api.POST('/api/v1/agency/deliveries/{id}/feedback', { params: { path }, body })),
          );
          setSent(done);
          return done;
        }}
      />
      <p role="status" className="quiet">
        {sent ? t('feedback.done') : ''}
      </p>
      <Said feedback={detail.feedback} />
    </Panel>
  );
}

// What a notice of the end of preservation says.
function daysIn(detail: unknown): number | null {
  const days = typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>)['days'] : undefined;
  return typeof days === 'number' ? days : null;
}

function Happened({ history }: { history: DeliveryDetail['history'] }) {
  const { t, tn, find } = useWords();
  return (
    <Panel title={t('delivery.history')}>
      <ol className="happened">
        {history.map((one, index) => (
          <li key={index}>
            {find(`happening.${one.what}`) ?? one.what}
            {daysIn(one.detail) === null ? '' : ` (${tn('delivery.days_left', daysIn(one.detail) ?? 0)})`}{' '}
            <span className="quiet">
              {one.by === '' ? t('delivery.by_centre') : one.by} · <Exact at={one.at} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function OneDelivery({ id }: { id: number }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [revision, setRevision] = useState(0);
  const query = useQuery(deliveryQuery(id, revision));
  const [shown, setShown] = useState<DeliveryDetail | null>(null);
  if (query.data !== undefined && query.data !== shown) setShown(query.data);
  const changed = () => {
    setRevision((before) => before + 1);
    void queries.invalidateQueries({ queryKey: ['agency', 'counts'] });
  };
  const acting = useAct(changed);
  if (query.error instanceof Failure && query.error.status === 404) return <NoDelivery />;
  return (
    <Page
      title={shown === null ? t('inbox.title') : t('delivery.title', { id: shown.delivery.report_id })}
      wide
      actions={<Link to="/agency">{t('delivery.back')}</Link>}
    >
      {query.error !== null ? <FailureNotice error={query.error} retry={() => void query.refetch()} /> : null}
      {shown === null ? (
        <Waiting />
      ) : (
        <>
          <CallFirst notices={shown.call_first} />
          <Preservation until={shown.delivery.preserve_until} />
          {shown.delivery.urgent ? <p className="urgent-line">{t('delivery.urgent')}</p> : null}
          <div className="report-columns">
            <div>
              <SamePerson others={shown.same_person} />
              <DeliveredReport detail={shown} />
            </div>
            <div>
              <Acts detail={shown} acting={acting} />
              <Answers detail={shown} onDone={changed} />
              <Happened history={shown.history} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function NoDelivery() {
  const { t } = useWords();
  return (
    <Page title={t('missing.title')}>
      <p>{t('delivery.missing')}</p>
    </Page>
  );
}

export function DeliveryPage() {
  const id = Number(useParams()['id']);
  return Number.isSafeInteger(id) && id > 0 ? <OneDelivery key={id} id={id} /> : <NoDelivery />;
}
