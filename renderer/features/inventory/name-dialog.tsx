import { useState } from 'react';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';

/** Asks for a name: of a folder, of a saved view. */
export function NameDialog(props: {
  readonly title: string;
  readonly initial: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  const [name, setName] = useState(props.initial);
  const trimmed = name.trim();
  const submit = (): void => {
    if (trimmed === '') return;
    props.onName(trimmed.slice(0, 100));
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      size="small"
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button isTall onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            isTall
            variant="primary"
            disabledReason={trimmed === '' ? t('name.needed') : undefined}
            onClick={submit}
          >
            {t('common.save')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={t('name.label')}>
          <TextInput isTall value={name} maxLength={100} onChange={setName} />
        </Field>
      </form>
    </Dialog>
  );
}
