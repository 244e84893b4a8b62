import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Link } from 'wouter';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icons.tsx';
import { Tip } from './tip.tsx';

interface Look {
  readonly look?: 'normal' | 'primary' | 'plain';
  readonly danger?: boolean;
  readonly small?: boolean;
}

export interface ButtonProps extends Look, ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: IconName;
  readonly ref?: Ref<HTMLButtonElement>;
  /** While something is under way: it cannot be pressed, and keeps the focus. */
  readonly busy?: boolean;
}

export function Button({
  look = 'normal',
  danger,
  small,
  icon,
  busy,
  children,
  className,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={classNames('button', looks({ look, danger, small }), className)}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is a picture. Its name is read aloud, and shown when it is pointed at or has the focus. */
export function IconButton({
  label,
  icon,
  shortcut,
  look = 'plain',
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & {
  readonly label: string;
  readonly icon: IconName;
  readonly shortcut?: string;
}): ReactNode {
  return (
    <Tip text={shortcut ? `${label} (${shortcut})` : label}>
      <Button {...rest} look={look} aria-label={label} className={classNames('icon', rest.className)}>
        <Icon name={icon} />
      </Button>
    </Tip>
  );
}

export function ButtonLink({
  look = 'normal',
  danger,
  small,
  icon,
  to,
  children,
}: Look & { readonly icon?: IconName; readonly to: string; readonly children: ReactNode }): ReactNode {
  return (
    <Link to={to} className={classNames('button', looks({ look, danger, small }))}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

function looks({ look, danger, small }: { look: string; danger: boolean | undefined; small: boolean | undefined }) {
  return classNames(look !== 'normal' && look, danger && 'danger', small && 'small');
}
