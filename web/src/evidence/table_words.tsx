import type { GateRule, GateTable } from '../api/types';
import { PlainTable } from '../shared/plain_table';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';

export function Outcome({ decision }: { decision: 'open' | 'blocked' }) {
  const { t } = useWords();
  const open = decision === 'open';
  return <Chip tone={open ? 'good' : 'warn'}>{t(open ? 'gate.is_open' : 'gate.is_closed')}</Chip>;
}

function useRow() {
  const { find } = useWords();
  return (rule: GateRule) => [
    rule.label === '' ? rule.code : rule.label,
    rule.when.map((one) => find(`gate.when.${one}`) ?? one).join(', '),
    <Outcome key="decision" decision={rule.decision} />,
    rule.citation,
  ];
}

// A table of the gate as people read it: by jurisdiction, the first rule that fits decides.
export function TableWords({ table }: { table: GateTable }) {
  const { t } = useWords();
  const row = useRow();
  const head = [t('gate.rule'), t('gate.when'), t('gate.then'), t('gate.citation')];
  return (
    <div className="stack">
      <p>
        {t('gate.valid_from', { version: table.version, day: table.valid_from })} {table.reason}
      </p>
      {table.jurisdictions.map((place) => {
        const name = `${place.label} (${place.code})`;
        return (
          <section key={place.code} className="stack" aria-label={name}>
            <h3>
              {name} {place.code === table.default_jurisdiction ? <Chip>{t('gate.default_jurisdiction')}</Chip> : null}
            </h3>
            <p className="quiet">{place.note}</p>
            <PlainTable label={name} cell="long" head={head} rows={[...place.rules, table.otherwise].map(row)} />
          </section>
        );
      })}
    </div>
  );
}
