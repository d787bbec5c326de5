import { Link } from 'react-router';
import type { DeliveryDetail } from '../api/types';
import { useLabels } from '../shared/labels';
import { DateOnly } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { Panel } from '../shared/ui';
import { useWords } from '../words/words';

// What else the officer's agency has of the same person.
export function SamePerson({ others }: { others: DeliveryDetail['same_person'] }) {
  const { t, find } = useWords();
  const { label } = useLabels();
  if (others.length === 0) return null;
  return (
    <Panel title={t('links.title')} note={t('person.yours')}>
      <PlainTable
        label={t('links.title')}
        head={[t('inbox.report'), t('delivery.received'), t('inbox.kind'), t('inbox.from'), t('inbox.state')]}
        keys={others.map((one) => one.delivery)}
        rows={others.map((one) => [
          <Link to={`/agency/${one.delivery}`}>{one.report_id}</Link>,
          <DateOnly at={one.received_at} />,
          label('incident_types', one.incident_type),
          one.reported_by === '' ? t('inbox.public') : one.reported_by,
          find(`delivery_state.${one.state}`) ?? one.state,
        ])}
      />
    </Panel>
  );
}
