import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { IconButton } from './button.tsx';

/** Puts a text on the clipboard and says so. `what` names it for screen readers: "Copy UUID". */
export function CopyButton(props: { readonly text: string; readonly what: string }) {
  const { t } = useI18n();
  const [copied, setCopied] = useState<string | undefined>();
  const isCopied = copied === props.text;
  return (
    <IconButton
      size="small"
      label={isCopied ? t('common.copied') : t('common.copyWhat', { what: props.what })}
      onClick={() => void navigator.clipboard.writeText(props.text).then(() => setCopied(props.text))}
    >
      {isCopied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
    </IconButton>
  );
}
