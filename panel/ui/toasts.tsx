import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { useWords } from '../words/words.ts';
import { IconButton } from './button.tsx';

const manager = Toast.createToastManager();

/** Says that something was done. What failed stays where it failed instead. */
export function say(text: string): void {
  manager.add({ description: text, timeout: 6_000 });
}

/** Where that is shown, and read aloud. */
export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List(): ReactNode {
  const words = useWords();
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" aria-label={words.common.notification}>
      <Toast.Description className="grow" />
      <Toast.Close render={<IconButton label={words.common.close} icon="close" small />} />
    </Toast.Root>
  ));
}
