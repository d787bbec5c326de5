import { useWords } from '../words/words';
import './deconfliction.css';

// Whom to call; a telephone that can be dialled is a link.
export function Contact({ name, phone }: { name: string; phone: string }) {
  const { t } = useWords();
  if (name === '' && phone === '') return <span className="quiet">{t('meet.no_contact')}</span>;
  return (
    <>
      {name}{' '}
      {phone === '' ? null : (
        <a className="telephone" href={`tel:${phone.replace(/[^+0-9]/g, '')}`}>
          {phone}
        </a>
      )}
    </>
  );
}
