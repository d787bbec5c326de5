import { useNavigate } from 'react-router';
import type { PersonOfInterest } from '../api/types';
import { useWords } from '../words/words';
import { timelineOf, type Mark } from './person_places';
import './person.css';

const WIDTH = 900;
const LEFT = 220;
const RIGHT = 24;
const ROW = 34;
// What came within two days is told apart by its time.
const SHORT_MS = 2 * 86_400_000;

// The table below says the same in words; the picture shows at one look who reported when.
export function PersonTimeline({ person }: { person: PersonOfInterest }) {
  const { t, tn, language } = useWords();
  const navigate = useNavigate();
  const line = timelineOf(person.items);
  const times = line.to - line.from < SHORT_MS ? ({ timeStyle: 'short' } as const) : {};
  const day = (ms: number) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...times, timeZone: 'UTC' }).format(ms);
  const height = line.rows.length * ROW + 30;
  const at = (mark: Mark) => LEFT + mark.x * (WIDTH - LEFT - RIGHT);
  const shape = (mark: Mark, y: number) =>
    mark.report.urgent ? (
      <rect
        x={at(mark) - 7}
        y={y - 7}
        width={14}
        height={14}
        transform={`rotate(45 ${at(mark)} ${y})`}
        className="mark-urgent"
      />
    ) : (
      <circle cx={at(mark)} cy={y} r={mark.report.value === 1 ? 8 : 6} className="mark-report" />
    );
  return (
    <div className="person-time">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`${tn('person.count', person.items.length)}, ${day(line.from)} – ${day(line.to)}`}
      >
        {line.rows.map((row, index) => {
          const y = index * ROW + 18;
          return (
            <g key={row.organisation}>
              <text x={0} y={y + 5}>
                {row.organisation === 0 ? t('list.public') : row.name}
              </text>
              <line x1={LEFT} x2={WIDTH - RIGHT} y1={y} y2={y} />
              {row.marks.map((mark) => (
                <g
                  key={mark.report.report_id}
                  className={mark.report.steps === 0 ? 'mark mark-this' : 'mark'}
                  onClick={() => void navigate(`/reports/${mark.report.report_id}`)}
                >
                  <title>{`${mark.report.report_id} · ${day(Date.parse(mark.report.received_at))}`}</title>
                  {shape(mark, y)}
                </g>
              ))}
            </g>
          );
        })}
        <text x={LEFT} y={height - 4}>
          {day(line.from)}
        </text>
        <text x={WIDTH - RIGHT} y={height - 4} textAnchor="end">
          {day(line.to)}
        </text>
      </svg>
      <p className="quiet">{t('person.legend')}</p>
    </div>
  );
}
