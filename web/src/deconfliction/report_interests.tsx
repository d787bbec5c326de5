import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { DeconflictionMeeting, TipRow } from '../api/types';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { reportMeetingsQuery } from './queries';
import { Side } from './side';

function Met({ meeting }: { meeting: DeconflictionMeeting }) {
  const { t, find } = useWords();
  const names = { holder: meeting.holder.agency_name, other: meeting.other.agency_name };
  return (
    <li>
      {t('meet.line', names)}{' '}
      <Chip tone={meeting.state === 'open' ? 'warn' : 'good'}>
        {meeting.state === 'open' ? t('meet.state.open') : (find(`meet.short.${meeting.outcome ?? ''}`) ?? '')}
      </Chip>{' '}
      <span className="quiet">{meeting.note}</span>
    </li>
  );
}

// On the page of a report: who else works on somebody in it. Nothing is shown when nobody does.
export function ReportInterests({ tip, reading }: { tip: TipRow; reading: number }) {
  const { t } = useWords();
  const mayResolve = useMay('resolveMeetings');
  const { data, error, refetch } = useQuery(reportMeetingsQuery(tip.report_id, tip.state, reading));
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (data === undefined || data.holders.length + data.meetings.length === 0) return null;
  const paused = tip.state === 'paused_deconfliction';
  return (
    <Panel
      title={t('meet.interests')}
      note={paused ? <Chip tone="warn">{t('meet.pauses')}</Chip> : undefined}
      id="interests"
    >
      <p>{t(paused ? 'meet.paused_about' : 'meet.interests_about')}</p>
      <ul>
        {data.holders.map((one) => (
          <li key={one.agency}>
            <Side side={one} />
          </li>
        ))}
      </ul>
      {data.meetings.length === 0 ? null : (
        <ul aria-label={t('meet.met')}>
          {data.meetings.map((one) => (
            <Met key={one.id} meeting={one} />
          ))}
        </ul>
      )}
      {mayResolve && paused ? <Link to="/deconfliction">{t('meet.go_resolve')}</Link> : null}
    </Panel>
  );
}
