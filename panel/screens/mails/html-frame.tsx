import { type ReactNode, useEffect, useRef, useState } from 'react';
import { BASE } from '../../api/base.ts';
import { Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/**
 * Shows the HTML of a mail as it looks, with its own styles, in a frame where nothing runs or loads.
 *
 * A document without an address of its own (`srcdoc`, `data:`, `blob:`) has the policy of this page, which refuses every style of
 * a mail. So the frame opens an empty page of the server, with a policy that allows styles and images in the text itself and
 * nothing else, and the mail is put there by the HTML Sanitizer API: it takes out whatever runs, and needs no exception from
 * Trusted Types. `allow-same-origin` lets this page reach into the frame. The frame cannot reach out: no script runs in it, by its
 * `sandbox` and by the page's own policy.
 */
export function HtmlFrame({ html, title }: { readonly html: string; readonly title: string }): ReactNode {
  const { mails } = useWords();
  const frame = useRef<HTMLIFrameElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [height, setHeight] = useState<number>();
  const [canShow, setCanShow] = useState(true);
  useEffect(() => {
    const page = frame.current?.contentDocument;
    const view = frame.current?.contentWindow as (Window & { readonly Document: SafeParser }) | null | undefined;
    if (!isOpen || !page || !view) return;
    // Parsed as a document of the frame, under its policy and not under that of this page.
    const mail = view.Document.parseHTML?.(html, { sanitizer: KEPT });
    setCanShow(mail !== undefined);
    if (!mail) return;
    for (const image of mail.querySelectorAll('img:not([src^="data:"])')) {
      // From elsewhere: it would tell its server that somebody looks.
      image.replaceWith(mails.image(image.getAttribute('alt') ?? ''));
    }
    page.documentElement.replaceWith(page.adoptNode(mail.documentElement));
    setHeight(page.documentElement.scrollHeight);
  }, [html, isOpen, mails]);
  return (
    <>
      {!canShow && <Notice>{mails.cannotShow}</Notice>}
      <iframe
        ref={frame}
        className="mail-frame"
        title={title}
        src={`${BASE}/mail-frame`}
        sandbox="allow-same-origin"
        height={Math.min(900, Math.max(200, (height ?? 0) + 24))}
        hidden={!canShow}
        onLoad={({ currentTarget }) => {
          // A link of the mail leads nowhere from here.
          currentTarget.contentDocument?.addEventListener('click', (event) => event.preventDefault());
          setOpen(true);
        }}
      />
      {!canShow && <pre className="code mail-text">{html}</pre>}
    </>
  );
}

/** The HTML Sanitizer API, which not every browser has: https://wicg.github.io/sanitizer-api/ */
interface SafeParser {
  readonly parseHTML?: (html: string, options: { readonly sanitizer: object }) => Document;
}

/** What runs is always taken out. Beside that, what would change where the page is or ask for something. */
const KEPT = {
  replaceWithChildrenElements: ['form'],
  removeElements: ['base', 'link', 'meta', 'audio', 'video', 'source', 'track'],
  removeAttributes: ['srcset', 'background', 'poster'],
};
