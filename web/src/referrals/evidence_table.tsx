import type { PlaceReason } from '../api/types';
import { humanise } from '../shared/format';
import { Exact } from '../shared/moment';
import { useWords, type Speaker } from '../words/words';

function placeText(country: string, region: string, t: Speaker['t']): string {
  if (country === '') return t('routing.nowhere');
  return region === '' ? country : `${country}-${region}`;
}

// What says where people are, and what takes away from it.
export function EvidenceTable({ label, evidence }: { label: string; evidence: readonly PlaceReason[] }) {
  const { t, find } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('routing.evidence.kind')}</th>
            <th scope="col">{t('routing.evidence.whose')}</th>
            <th scope="col">{t('routing.evidence.place')}</th>
            <th scope="col" className="number">
              {t('routing.evidence.weight')}
            </th>
            <th scope="col">{t('routing.evidence.at')}</th>
            <th scope="col">{t('routing.evidence.notes')}</th>
            <th scope="col">{t('routing.evidence.where')}</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map((one, index) => (
            <tr key={index}>
              <th scope="row">{find(`evidence.${one.kind}`) ?? humanise(one.kind)}</th>
              <td>{find(`place_of.${one.whose}`) ?? one.whose}</td>
              <td>{placeText(one.country, one.region, t)}</td>
              <td className="number">{one.weight}</td>
              <td>{one.at === null ? '' : <Exact at={one.at} />}</td>
              <td>{one.notes.map((note) => find(`evidence_note.${note}`) ?? humanise(note)).join(', ')}</td>
              <td>
                {one.where}
                {one.layer === '' ? null : <span className="quiet"> {one.layer}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
