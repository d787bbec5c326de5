import type { ReactNode } from 'react';

// A table of a panel that has its name already. `cell`: the style of its cells, such as "long".
export function PlainTable({
  label,
  head,
  rows,
  cell,
}: {
  label: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
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
            <tr key={index}>
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
