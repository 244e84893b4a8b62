import type { Locator, Page } from 'playwright-core';

/** How somebody works with the panel: with the mouse, or with the keyboard alone. */
export interface Hand {
  /** Presses a button, follows a link, ticks a box. */
  press(target: Locator): Promise<void>;
  /** Replaces the text of a field. */
  fill(target: Locator, text: string): Promise<void>;
  /** Chooses an option of a select. */
  choose(select: Locator, option: string): Promise<void>;
  /** Chooses what a picker finds for a text. */
  pick(picker: Locator, text: string): Promise<void>;
  /** Chooses an entry of a menu. */
  menu(trigger: Locator, entry: string): Promise<void>;
  /** Chooses the radio button that is so many after the first one. */
  radio(first: Locator, position: number): Promise<void>;
  /** Enters a date and a time: `2026-07-07T12:30`. Of a browser nobody knows whether it begins with the day or the month. */
  date(target: Locator, text: string): Promise<void>;
  /** Goes to a screen by its name. */
  go(screen: string): Promise<void>;
  /** Saves. `button`: the one that does it. */
  save(button: Locator): Promise<void>;
}

export function byMouse(page: Page): Hand {
  return {
    press: (target) => target.click(),
    fill: (target, text) => target.fill(text),
    async choose(select, option) {
      await select.click();
      await page.getByRole('option', { name: option, exact: true }).click();
    },
    async pick(picker, text) {
      await picker.click();
      await picker.fill(text);
      await page.getByRole('option', { name: text }).first().click();
    },
    async menu(trigger, entry) {
      await trigger.click();
      await page.getByRole('menuitem', { name: entry }).click();
    },
    radio: (first, position) => first.page().getByRole('radio').nth(position).check(),
    date: (target, text) => target.fill(text),
    go: (screen) =>
      page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: screen, exact: true }).click(),
    save: (button) => button.click(),
  };
}

/** Nothing is focused or clicked by a script: every target is reached by keys that somebody can press. */
export function byKeyboard(page: Page): Hand {
  const { keyboard } = page;
  const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

  /** Tabs to a target: as far as the order of the page says, and again from there where that was not all. */
  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let attempt = 0; attempt < 12; attempt++) {
      const steps = await target.evaluate((element) => {
        const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [tabindex]')].filter(
          (one) => one.tabIndex >= 0 && !one.matches(':disabled') && one.getClientRects().length > 0,
        );
        return all.indexOf(element as HTMLElement) - all.indexOf(document.activeElement as HTMLElement);
      });
      if (await hasFocus(target)) return;
      const key = steps < 0 ? 'Shift+Tab' : 'Tab';
      for (let step = Math.abs(steps) || 1; step > 0; step--) await keyboard.press(key);
    }
    throw new Error(`${target} cannot be reached by Tab`);
  }

  async function press(target: Locator): Promise<void> {
    await reach(target);
    const role = await target.evaluate((element) => element.getAttribute('role') ?? element.tagName);
    await keyboard.press(/checkbox|switch|radio/.test(role) ? 'Space' : 'Enter');
  }

  async function type(target: Locator, text: string): Promise<void> {
    await reach(target);
    await keyboard.press('Control+a');
    await keyboard.type(text);
  }

  return {
    press,
    fill: type,
    async choose(select, option) {
      await reach(select);
      await keyboard.press('Enter');
      const wanted = page.getByRole('option', { name: option, exact: true });
      await wanted.waitFor();
      for (let step = 0; step < 20 && !(await hasFocus(wanted)); step++) await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      await wanted.waitFor({ state: 'detached' });
    },
    async pick(picker, text) {
      await type(picker, text);
      const option = page.getByRole('option', { name: text }).first();
      await option.waitFor();
      const isHighlighted = () => option.evaluate((element) => element.hasAttribute('data-highlighted'));
      for (let step = 0; step < 20 && !(await isHighlighted()); step++) await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    },
    async menu(trigger, entry) {
      await press(trigger);
      const wanted = page.getByRole('menuitem', { name: entry });
      await wanted.waitFor();
      for (let step = 0; step < 20 && !(await hasFocus(wanted)); step++) await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    },
    async radio(first, position) {
      await reach(first);
      for (let step = 0; step < position; step++) await keyboard.press('ArrowDown');
    },
    async date(target, text) {
      await reach(target);
      const [year = '', month = '', day = '', hours = '', minutes = ''] = text.split(/\D/);
      await keyboard.type(`${day}${month}${year}`);
      await keyboard.press('ArrowRight');
      await keyboard.type(`${hours}${minutes}00p`); // the last one for a browser that counts twelve hours
    },
    async go(screen) {
      await keyboard.press('Control+k');
      await keyboard.type(screen);
      await page.getByRole('option', { name: screen }).first().waitFor();
      await keyboard.press('Enter');
    },
    save: () => keyboard.press('Control+s'),
  };
}
