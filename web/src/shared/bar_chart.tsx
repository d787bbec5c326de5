import type { ComponentType, ReactNode } from 'react';
import { useWords } from '../words/words';
import { count } from './format';

export interface Bar {
  key: string;
  label: string;
  value: number;
  to?: string | undefined;
}

// A table with bars: the numbers are the content, the bars help the eye.
export function BarChart({
  bars,
  link: LinkTo,
}: {
  bars: readonly Bar[];
  link: ComponentType<{ to: string; children: ReactNode }>;
}) {
  const { t, language } = useWords();
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  if (bars.length === 0) return <p className="quiet">{t('counts.none')}</p>;
  return (
    <table className="bars">
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row">{bar.to === undefined ? bar.label : <LinkTo to={bar.to}>{bar.label}</LinkTo>}</th>
            <td className="bar-value">{count(bar.value, language)}</td>
            <td className="bar-cell" aria-hidden="true">
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" width="100%" height="10">
                <rect className="bar" width={(100 * bar.value) / most} height="6" rx="0.6" />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
