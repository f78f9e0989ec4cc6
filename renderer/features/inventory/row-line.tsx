import { Box, Database, Folder, FolderOpen, Layers, Network, Tag } from 'lucide-react';
import type { ReactNode } from 'react';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { RecordLine } from './record-line.tsx';
import type { InventoryRow } from './tree-rows.ts';

const iconSize = { size: 15, className: 'line-icon', 'aria-hidden': true } as const;

function Line(props: { readonly icon: ReactNode; readonly name: string; readonly count: number }) {
  const { f } = useI18n();
  return (
    <>
      {props.icon}
      <span className="line-name">{props.name}</span>
      <span className="line-note">{f.number(props.count)}</span>
    </>
  );
}

/** What a line of the tree shows. */
export function RowLine(props: { readonly row: InventoryRow }) {
  const { t } = useI18n();
  const { content, isExpanded } = props.row;
  switch (content.type) {
    case 'record':
      return <RecordLine id={content.id} />;
    case 'connection-group':
      return <Line icon={<Layers {...iconSize} />} name={content.name} count={content.count} />;
    case 'storages':
      return <Line icon={<Database {...iconSize} />} name={t('tree.storages')} count={content.count} />;
    case 'networks':
      return <Line icon={<Network {...iconSize} />} name={t('tree.networks')} count={content.count} />;
    case 'without-pool':
      return <Line icon={<Box {...iconSize} />} name={t('tree.withoutPool')} count={content.count} />;
    case 'untagged':
      return <Line icon={<Box {...iconSize} />} name={t('tree.untagged')} count={content.count} />;
    case 'unfiled':
      return <Line icon={<Box {...iconSize} />} name={t('tree.unfiled')} count={content.count} />;
    case 'tag':
      return <Line icon={<Tag {...iconSize} />} name={content.tag} count={content.count} />;
    case 'folder': {
      const Icon = isExpanded ? FolderOpen : Folder;
      return <Line icon={<Icon {...iconSize} />} name={content.name} count={content.count} />;
    }
  }
}
