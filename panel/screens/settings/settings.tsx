import { type ReactNode, useEffect, useState } from 'react';
import { useData } from '../../api/hooks.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import { SettingsDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { SettingsForm } from './form.tsx';
import { LoginProviders } from './login-providers.tsx';
import type { Settings as Stored } from './values.ts';

export default function Settings(): ReactNode {
  const words = useWords();
  const { data, failure, loading, reload } = useData(SettingsDocument, {});
  const [dirty, setDirty] = useState(false);
  /** What the form began with. What comes later replaces it while nothing is typed, and is said otherwise. */
  const [base, setBase] = useState<Stored>();
  const latest = loading ? undefined : (data?.settings ?? undefined);
  useEffect(() => {
    if (latest && !dirty) setBase(latest);
  }, [latest, dirty]);
  const isOld = latest !== undefined && base !== undefined && JSON.stringify(latest) !== JSON.stringify(base);
  return (
    <Page title={words.shell.settings} about={words.settings.about}>
      <AlsoOpen form="/settings" changed={dirty} />
      {failure && (
        <div className="row">
          <FailureNotice failure={failure} />
          <Button icon="refresh" onClick={reload}>
            {words.common.retry}
          </Button>
        </div>
      )}
      {base ? (
        <SettingsForm
          settings={base}
          changedElsewhere={isOld && dirty}
          mailServer={data?.serverInfo?.mailServer}
          publicUrl={data?.serverInfo?.publicUrl}
          onDirty={setDirty}
        />
      ) : (
        !failure && <Loading lines={10} />
      )}
      <LoginProviders />
    </Page>
  );
}
