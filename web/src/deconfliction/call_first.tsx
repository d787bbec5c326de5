import type { MeetingNotice } from '../api/types';
import { useWords } from '../words/words';
import { Contact } from './contact';
import './deconfliction.css';

// Before an officer acts: another agency works on somebody in this report.
export function CallFirst({ notices }: { notices: readonly MeetingNotice[] }) {
  const { t } = useWords();
  if (notices.length === 0) return null;
  return (
    <section className="call-first" aria-label={t('meet.call_first')}>
      <h2>{t('meet.call_first')}</h2>
      <p>{t('meet.call_first_about')}</p>
      <ul>
        {notices.map((one) => (
          <li key={one.id}>
            <strong>{one.agency_name}</strong>: <Contact name={one.contact_name} phone={one.contact_phone} />
          </li>
        ))}
      </ul>
    </section>
  );
}
