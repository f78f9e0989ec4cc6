import type { ConnectionRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DetailsSection } from '../details-page.tsx';
import { auditorCommand } from './auditor-command.ts';

/** Which rights the account lacks, and the command that grants what is needed to see everything. */
export function MissingRights(props: { readonly connection: ConnectionRecord }) {
  const { t } = useI18n();
  const { connection } = props;
  const command = connection.connectionKind === 'pve' ? auditorCommand(connection.account) : undefined;
  return (
    <DetailsSection title={t('connection.rights')}>
      <p>
        {t('connection.rights.grants')}{' '}
        {connection.missingRights.map((right, index) => (
          <span key={right}>
            {index > 0 && ', '}
            <code className="mono selectable">{right}</code>
          </span>
        ))}
      </p>
      {command !== undefined && (
        <>
          <p className="quiet">{t('connection.rights.text')}</p>
          <div className="notice-command selectable">
            <code className="mono">{command}</code>
            <CopyButton text={command} what={command} />
          </div>
        </>
      )}
    </DetailsSection>
  );
}
