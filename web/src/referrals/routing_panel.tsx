import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import type { DeliveryStatus, ReportRouting, RoutingDecision, TipRow } from '../api/types';
import { Ago, Exact } from '../shared/moment';
import { useMay, useSession } from '../shared/session_context';
import { Chip, Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { EvidenceTable } from './evidence_table';
import { PlacesMap } from './places_map';
import { routingQuery } from './queries';
import { ReasonForm, ReferForm } from './refer_form';
import './routing.css';

// The agencies that follow from the places that evidence leads to.
function Proposed({ decision }: { decision: RoutingDecision }) {
  const { t } = useWords();
  return (
    <>
      <p>{t(`routing.confidence.${decision.confidence}`)}</p>
      <ul className="routing-choices">
        {decision.proposed.map((one) => (
          <li key={one.agency}>
            <Chip tone={one.primary ? 'good' : 'calm'}>{t(one.primary ? 'routing.primary' : 'routing.also')}</Chip>{' '}
            <strong>{one.agency_name}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}

function Overdue({ one }: { one: DeliveryStatus }) {
  const { t, find } = useWords();
  if (one.step === 'none' || one.acknowledged_at !== null) return null;
  const phone =
    one.urgent && one.urgent_phone !== '' ? ` ${t('delivery_step.phone', { phone: one.urgent_phone })}` : '';
  return (
    <Chip tone="bad">
      {t('routing.overdue')}: {find(`delivery_step.${one.step}`) ?? one.step}
      {phone}
    </Chip>
  );
}

function Deliveries({ routing, onChanged }: { routing: ReportRouting; onChanged: () => void }) {
  const { t, find } = useWords();
  const mayRevoke = useMay('revokeDeliveries');
  const [taking, setTaking] = useState<DeliveryStatus | null>(null);
  if (routing.deliveries.length === 0) return null;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('routing.deliveries')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('routing.agency')}</th>
            <th scope="col">{t('routing.state')}</th>
            <th scope="col">{t('routing.because')}</th>
            <th scope="col">{t('routing.since')}</th>
            {mayRevoke ? <th scope="col">{t('routing.revoke')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {routing.deliveries.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {one.agency_name} {one.primary ? <Chip tone="good">{t('routing.primary')}</Chip> : null}
              </th>
              <td>
                {one.revoked_at !== null ? t('routing.revoked') : (find(`delivery_state.${one.state}`) ?? one.state)}{' '}
                <Overdue one={one} />
              </td>
              <td>{find(`basis.${one.basis}`) ?? one.basis}</td>
              <td>
                <Ago at={one.granted_at} />
              </td>
              {mayRevoke ? (
                <td>
                  {one.revoked_at === null ? (
                    <Button size="compact-xs" variant="default" onClick={() => setTaking(one)}>
                      {t('routing.revoke')}
                    </Button>
                  ) : null}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {taking === null ? null : (
        <ReasonForm
          open
          title={t('routing.revoke_title', { agency: taking.agency_name })}
          about={t('routing.revoke_about')}
          yes={t('routing.revoke')}
          picks={false}
          onClose={() => setTaking(null)}
          onDone={() => {
            setTaking(null);
            onChanged();
          }}
          send={(reason) =>
            take(api.POST('/api/v1/deliveries/{id}/revoke', { params: { path: { id: taking.id } }, body: { reason } }))
          }
        />
      )}
    </div>
  );
}

function Decisions({ decisions }: { decisions: readonly RoutingDecision[] }) {
  const { t, find } = useWords();
  if (decisions.length === 0) return null;
  return (
    <details className="fold">
      <summary>
        {t('routing.decisions')} <span className="quiet">{decisions.length}</span>
      </summary>
      <ol reversed>
        {decisions.map((one) => (
          <li key={one.number}>
            {one.account === 0 ? t('routing.rules') : one.account_login}:{' '}
            {one.chosen.map((choice) => choice.agency_name).join(', ')}
            <span className="quiet">
              {' '}
              {find(`basis.${one.cause}`) ?? one.cause} · <Exact at={one.at} /> ·{' '}
              {t('routing.version', {
                weights: one.routing_version,
                agencies: one.agencies_version,
                geo: one.geo_version,
              })}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Routed({ routing, tip, onChanged }: { routing: ReportRouting; tip: TipRow; onChanged: () => void }) {
  const { t, tn } = useWords();
  const { account } = useSession();
  const mayRefer = useMay('referReports');
  const [asking, setAsking] = useState<'refer' | 'add' | null>(null);
  const mine = tip.claimed_by === account && tip.state === 'in_review';
  const referred = routing.decisions.length > 0;
  const close = () => setAsking(null);
  const done = () => {
    close();
    onChanged();
  };
  return (
    <>
      {referred ? null : <Proposed decision={routing.proposal} />}
      <PlacesMap decision={routing.proposal} />
      {mayRefer && mine ? (
        <Group>
          <Button size="xs" onClick={() => setAsking('refer')}>
            {t(routing.proposal.proposed.length > 0 ? 'routing.refer' : 'routing.refer_other')}
          </Button>
        </Group>
      ) : null}
      {mayRefer && !mine && !referred ? <p className="quiet">{t('routing.claim_first')}</p> : null}
      <Deliveries routing={routing} onChanged={onChanged} />
      {mayRefer && referred ? (
        <Group>
          <Button size="xs" variant="default" onClick={() => setAsking('add')}>
            {t('routing.add')}
          </Button>
        </Group>
      ) : null}
      {routing.proposal.evidence.length === 0 ? null : (
        <details className="fold">
          <summary>
            {t('routing.evidence')} <span className="quiet">{routing.proposal.evidence.length}</span>
          </summary>
          <EvidenceTable label={t('routing.evidence')} evidence={routing.proposal.evidence} />
          {routing.proposal.evidence_left_out > 0 ? (
            <p className="quiet">{tn('routing.evidence.left_out', routing.proposal.evidence_left_out)}</p>
          ) : null}
        </details>
      )}
      <Decisions decisions={routing.decisions} />
      {asking === 'refer' ? <ReferForm routing={routing} open onClose={close} onDone={done} /> : null}
      {asking === 'add' ? (
        <ReasonForm
          open
          title={t('routing.add')}
          yes={t('routing.add_now')}
          picks
          onClose={close}
          onDone={done}
          send={(reason, agency) =>
            take(
              api.POST('/api/v1/tips/{id}/agencies', {
                params: { path: { id: routing.report_id } },
                body: { agency, reason },
              }),
            )
          }
        />
      ) : null}
    </>
  );
}

// Where a report may go and why, what was decided, and who has it.
export function RoutingPanel({ tip, reading, onReferred }: { tip: TipRow; reading: number; onReferred: () => void }) {
  const { t } = useWords();
  const [revision, setRevision] = useState(0);
  const routing = useQuery(routingQuery(tip.report_id, reading + revision));
  const proposal = routing.data?.proposal;
  return (
    <Panel
      title={t('routing.title')}
      note={
        proposal === undefined
          ? undefined
          : t('routing.version', {
              weights: proposal.routing_version,
              agencies: proposal.agencies_version,
              geo: proposal.geo_version,
            })
      }
      id="routing"
    >
      <Loaded query={routing}>
        {(data) => (
          <fieldset className="as-read" disabled={routing.isPlaceholderData}>
            <Routed
              routing={data}
              tip={tip}
              onChanged={() => {
                setRevision((before) => before + 1);
                onReferred();
              }}
            />
          </fieldset>
        )}
      </Loaded>
    </Panel>
  );
}
