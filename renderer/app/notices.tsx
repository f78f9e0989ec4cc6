import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../stores/app-stores.tsx';
import { errorText } from '../texts/error-text.ts';
import { IconButton } from '../ui/button.tsx';
import { Corner } from '../ui/corner.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import './notices.css';

/** Errors that no other place of the screen shows. They stay until they are read. */
export function Notices() {
  const i18n = useI18n();
  const { session } = useAppStores();
  const notices = useStore(session.state, (state) => state.notices);
  if (notices.length === 0) return null;
  return (
    <Corner>
      <div className="notices">
        {notices.map((notice) => {
          const text = errorText(notice.error, i18n);
          return (
            <div key={notice.id} className="notice">
              <ErrorState what={text.what} todo={text.todo} details={text.details} />
              <IconButton size="small" label={i18n.t('common.close')} onClick={() => session.dismiss(notice.id)}>
                <X size={14} aria-hidden />
              </IconButton>
            </div>
          );
        })}
      </div>
    </Corner>
  );
}
