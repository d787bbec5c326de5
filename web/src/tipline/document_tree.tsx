import { useState } from 'react';
import { humanise } from '../shared/format';
import { useWords } from '../words/words';
import { domIdOf, opensOnRequest, type ReadNode } from './document_paths';

// Exactly what was submitted, as headings and values. Nothing in it is a link: addresses in a report are not for visiting.

function useElementName(): (node: ReadNode) => string {
  const { find } = useWords();
  return (node) => {
    const word = find(`element.${node.name}`) ?? humanise(node.name);
    return node.repeated ? `${word} ${node.position}` : word;
  };
}

function ValueText({ node }: { node: ReadNode }) {
  const { t, tn } = useWords();
  const [open, setOpen] = useState(false);
  if (node.text === 'true') return <>{t('answer.yes')}</>;
  if (node.text === 'false') return <>{t('answer.no')}</>;
  if (!opensOnRequest(node)) return <>{node.text}</>;
  return (
    <>
      <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t('document.hide_text') : tn('document.show_text', node.text.length)}
      </button>
      {open ? <blockquote>{node.text}</blockquote> : null}
    </>
  );
}

function Value({ node, marked }: { node: ReadNode; marked: string }) {
  const { find } = useWords();
  const name = useElementName()(node);
  return (
    <div id={domIdOf(node.path)} className={marked === node.path ? 'is-marked' : undefined}>
      <dt>{name}</dt>
      <dd>
        <ValueText node={node} />
        {node.attributes.map(([attribute, value]) => (
          <span key={attribute} className="attribute">
            {find(`element.${attribute}`) ?? humanise(attribute)}: {value}
          </span>
        ))}
        {node.text === '' && node.attributes.length === 0 ? <span aria-hidden>–</span> : null}
      </dd>
    </div>
  );
}

function Group({ node, depth, marked }: { node: ReadNode; depth: number; marked: string }) {
  const name = useElementName()(node);
  const values = node.children.filter((child) => child.children.length === 0);
  const groups = node.children.filter((child) => child.children.length > 0);
  const body = (
    <>
      {node.attributes.length === 0 ? null : (
        <p className="quiet">{node.attributes.map(([key, value]) => `${humanise(key)}: ${value}`).join(' · ')}</p>
      )}
      {values.length === 0 ? null : (
        <dl className="facts">
          {values.map((child) => (
            <Value key={child.path} node={child} marked={marked} />
          ))}
        </dl>
      )}
      {groups.map((child) => (
        <Group key={child.path} node={child} depth={depth + 1} marked={marked} />
      ))}
    </>
  );
  return (
    <details
      open
      id={domIdOf(node.path)}
      className={marked === node.path ? 'group is-marked' : 'group'}
      data-depth={depth}
    >
      <summary>{name}</summary>
      <div className="group-body">{body}</div>
    </details>
  );
}

// `marked`: path of the element to point at.
export function DocumentTree({ root, marked }: { root: ReadNode; marked: string }) {
  const values = root.children.filter((child) => child.children.length === 0);
  const groups = root.children.filter((child) => child.children.length > 0);
  return (
    <div className="document">
      {values.length === 0 ? null : (
        <dl className="facts">
          {values.map((child) => (
            <Value key={child.path} node={child} marked={marked} />
          ))}
        </dl>
      )}
      {groups.map((child) => (
        <Group key={child.path} node={child} depth={1} marked={marked} />
      ))}
    </div>
  );
}
