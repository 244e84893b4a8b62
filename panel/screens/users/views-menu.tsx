import { type ReactNode, useState } from 'react';
import { usePreferences } from '../../app/preferences.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { goTo, useSearch } from '../../ui/leave-guard.ts';
import { Menu } from '../../ui/menu.tsx';
import { Empty } from '../../ui/notice.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

/** Lists of users, with their filters, that were given a name. */
export function ViewsMenu(): ReactNode {
  const { users, common } = useWords();
  const search = useSearch();
  const { views, set } = usePreferences();
  const [dialog, setDialog] = useState<'save' | 'manage'>();
  const [title, setTitle] = useState('');
  const own = views.filter(({ to }) => to === '/users' || to.startsWith('/users?'));
  const close = () => {
    setDialog(undefined);
    setTitle('');
  };
  const save = () => {
    const name = title.trim();
    if (!name) return;
    const parameters = new URLSearchParams(search);
    parameters.delete('page');
    const query = parameters.toString();
    const others = views.filter((view) => !(own.includes(view) && view.title === name));
    set({ views: [...others, { title: name, to: query ? `/users?${query}` : '/users' }] });
    say(users.viewSaved(name));
    close();
  };
  return (
    <>
      <Menu
        label={users.views}
        trigger={<Button icon="eye">{users.views}</Button>}
        entries={[
          ...own.map(({ title: label, to }) => ({ label, run: () => goTo(to) })),
          ...(own.length > 0 ? (['line'] as const) : []),
          { label: users.saveView, icon: 'plus', run: () => setDialog('save') },
          ...(own.length > 0
            ? [{ label: users.manageViews, icon: 'trash' as const, run: () => setDialog('manage') }]
            : []),
        ]}
      />
      <Dialog
        open={dialog === 'save'}
        onClose={close}
        title={users.saveView}
        dirty={title !== ''}
        onSubmit={save}
        foot={
          <>
            <Button onClick={close}>{common.cancel}</Button>
            <Button type="submit" look="primary" disabled={!title.trim()}>
              {common.save}
            </Button>
          </>
        }
      >
        <TextField label={users.viewName} hint={users.viewHint} value={title} onChange={setTitle} maxLength={80} />
      </Dialog>
      <Dialog
        open={dialog === 'manage'}
        onClose={close}
        title={users.manageViews}
        foot={<Button onClick={close}>{common.close}</Button>}
      >
        {own.length === 0 && <Empty title={users.noViews} />}
        <ul className="stack tight">
          {own.map((view) => (
            <li key={view.title} className="row apart">
              <span className="breaks">{view.title}</span>
              <IconButton
                label={common.remove(view.title)}
                icon="trash"
                small
                onClick={() => set({ views: views.filter((one) => one !== view) })}
              />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
