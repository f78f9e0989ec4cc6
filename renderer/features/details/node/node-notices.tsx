import { TriangleAlert } from 'lucide-react';
import type { NodeRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';

/** What the admin of a node should know, each with what to do about it. */
export function NodeNotices(props: { readonly notices: NodeRecord['notices'] }) {
  const { t } = useI18n();
  return (
    <ul>
      {props.notices.map((notice) => (
        <li key={`${notice.code}:${notice.detail}`} className="notice">
          <TriangleAlert size={16} aria-hidden />
          <div>
            <p>{t(`notice.${notice.code}`)}</p>
            {notice.detail !== '' && (
              <>
                <p className="quiet">{t(`notice.${notice.code}.todo`)}</p>
                <div className="notice-command selectable">
                  <code className="mono">{notice.detail}</code>
                  <CopyButton text={notice.detail} what={notice.detail} />
                </div>
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
