import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { Checkbox, Field, TextInput } from '../../../ui/field.tsx';
import type { StepProps } from './wizard-props.ts';
import { hasTypedSecret } from './wizard-draft.ts';

/** How the connection is called, where it stands in the list, and whether its secret is kept. */
export function NameStep({ draft, problems, onChange }: StepProps) {
  const { t } = useI18n();
  return (
    <>
      <p>{t('wizard.name.text')}</p>
      <Field label={t('wizard.name.label')} error={problems['name'] && t(problems['name'])}>
        <TextInput isTall value={draft.name} onChange={(name) => onChange((old) => ({ ...old, name }))} />
      </Field>
      <Field label={t('wizard.name.group')} hint={t('wizard.name.groupHint')}>
        <TextInput isTall value={draft.group} onChange={(group) => onChange((old) => ({ ...old, group }))} />
      </Field>
      {hasTypedSecret(draft) && (
        <Checkbox
          label={t('wizard.name.remember')}
          isChecked={draft.remember}
          onChange={(remember) => onChange((old) => ({ ...old, remember }))}
        />
      )}
    </>
  );
}
