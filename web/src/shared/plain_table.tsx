import type { ReactNode } from 'react';

// A table of a panel that has its name already. `cell`: the style of its cells, such as "long". `keys`: what each row is
// about, where rows come and go; without them whatever has the focus in a row would become the next one's.
export function PlainTable({
  label,
  head,
  rows,
  keys,
  cell,
}: {
  label: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  keys?: readonly (string | number)[];
  cell?: string;
}) {
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            {head.map((one) => (
              <th key={one} scope="col">
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            <tr key={keys?.[index] ?? index}>
              {cells.map((shown, place) => (
                <td key={place} className={cell}>
                  {shown}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
