import { type ReactNode, useState } from 'react';
import { usePreferences } from '../../app/preferences.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Menu } from '../../ui/menu.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import type { ContentType } from './content-type.ts';

/** Lists of this type that were given a name. */
export function ViewsMenu({ type, search }: { readonly type: ContentType; readonly search: string }): ReactNode {
  const words = useWords();
  const { content } = words;
  const { views, set } = usePreferences();
  const [dialog, setDialog] = useState<'save' | 'delete'>();
  const [title, setTitle] = useState('');
  const path = `/content/${type.name}`;
  const own = views.filter(({ to }) => to === path || to.startsWith(`${path}?`));
  const close = () => {
    setDialog(undefined);
    setTitle('');
  };
  const save = () => {
    const name = title.trim();
    if (name === '') return;
    const parameters = new URLSearchParams(search);
    parameters.delete('page');
    const query = parameters.toString();
    const others = views.filter((view) => !(own.includes(view) && view.title === name));
    set({ views: [...others, { title: name, to: query ? `${path}?${query}` : path }] });
    say(words.common.saved);
    close();
  };
  return (
    <>
      <Menu
        label={content.views}
        trigger={<Button icon="eye">{content.views}</Button>}
        entries={[
          ...own.map((view) => ({ label: view.title, run: () => goTo(view.to) })),
          ...(own.length > 0 ? (['line'] as const) : []),
          { label: content.saveView, icon: 'plus', run: () => setDialog('save') },
          ...(own.length > 0
            ? ([{ label: content.manageViews, icon: 'trash', run: () => setDialog('delete') }] as const)
            : []),
        ]}
      />
      <Dialog
        open={dialog === 'save'}
        onClose={close}
        title={content.views}
        dirty={title !== ''}
        onSubmit={save}
        foot={
          <>
            <Button onClick={close}>{words.common.cancel}</Button>
            <Button type="submit" look="primary" disabled={title.trim() === ''}>
              {words.common.save}
            </Button>
          </>
        }
      >
        <TextField
          label={content.viewName}
          hint={content.viewAbout}
          value={title}
          onChange={setTitle}
          maxLength={80}
          autoComplete="off"
        />
      </Dialog>
      <Dialog
        open={dialog === 'delete'}
        onClose={close}
        title={content.views}
        foot={<Button onClick={close}>{words.common.close}</Button>}
      >
        <ul className="content-columns">
          {own.map((view) => (
            <li key={view.title} className="row apart">
              <span className="breaks">{view.title}</span>
              <IconButton
                label={content.deleteView(view.title)}
                icon="trash"
                small
                onClick={() => {
                  set({ views: views.filter((one) => one !== view) });
                  if (own.length === 1) close();
                }}
              />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
