import { Chip } from '../shared/ui';
import { useWords, type WordKey } from '../words/words';
import type { Level } from './filters';

// The signs of the queue. Each is a shape and a word; colour only helps.

const WORDS: Readonly<Record<Level, WordKey>> = { 1: 'level.1', 2: 'level.2', 3: 'level.3' };

export function levelWord(level: number): WordKey {
  return WORDS[level === 1 || level === 2 ? level : 3];
}

// A diamond, a square, a circle.
function Shape({ level }: { level: number }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" className="level-shape">
      {level === 1 ? <path d="M12 1 23 12 12 23 1 12z" /> : null}
      {level === 2 ? <rect x="2.5" y="2.5" width="19" height="19" rx="3" /> : null}
      {level === 3 ? <circle cx="12" cy="12" r="10" /> : null}
      <text x="12" y="16.2" textAnchor="middle">
        {level}
      </text>
    </svg>
  );
}

export function LevelMark({ level, large = false }: { level: number; large?: boolean }) {
  const { t } = useWords();
  return (
    <span className={`level level-${level}${large ? ' level-large' : ''}`}>
      <Shape level={level} />
      <span className="visually-hidden">{t('level.name', { level, word: t(levelWord(level)) })}</span>
      <span aria-hidden="true">{t(levelWord(level))}</span>
    </span>
  );
}

export function UrgentMark() {
  const { t } = useWords();
  return (
    <span className="urgent-mark">
      <span aria-hidden="true">!</span> {t('level.urgent')}
    </span>
  );
}

export function CompletenessBar({ score }: { score: number }) {
  return (
    <span className="complete">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" className="complete-bar">
        <rect className="complete-ground" width="100" height="6" rx="3" />
        <rect className="complete-fill" width={Math.max(0, Math.min(100, score))} height="6" rx="3" />
      </svg>
      <span className="number">{score} %</span>
    </span>
  );
}

export function BundleChip({ reports, incidents }: { reports: number; incidents: number }) {
  const { t, tn } = useWords();
  return (
    <Chip tone="calm">
      {t('queue.stands_for', {
        reports: tn('queue.reports', reports),
        incidents: tn('queue.incidents', incidents),
      })}
    </Chip>
  );
}
