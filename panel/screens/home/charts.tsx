import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HomeQuery } from '../../generated/graphql.ts';
import { Section } from '../../ui/page.tsx';
import { useLanguage, useWords } from '../../words/words.ts';

type Day = NonNullable<HomeQuery['overview']>['days'][number];

/** What happened on each of the last days. */
export function Charts({ days }: { readonly days: readonly Day[] }): ReactNode {
  const { home } = useWords();
  return (
    <div className="columns charts">
      <Chart
        title={home.signUps}
        days={days}
        series={[{ name: home.signUps, look: 'one', of: ({ signUps }) => signUps }]}
        more={{ title: home.signUpsMore, to: '/audit?event=user.register' }}
      />
      <Chart
        title={home.logins}
        days={days}
        series={[
          { name: home.loginsDone, look: 'one', of: ({ logins }) => logins },
          { name: home.loginsRefused, look: 'two', of: ({ refusedLogins }) => refusedLogins },
        ]}
        more={{ title: home.loginsMore, to: '/audit?event=admin.login&outcome=REFUSED' }}
      />
    </div>
  );
}

interface Series {
  readonly name: string;
  readonly look: 'one' | 'two';
  readonly of: (day: Day) => number;
}

/** The height of the drawing, and the width of a day, in its own units. */
const [HEIGHT, DAY, GAP] = [100, 20, 3];

/** Bars by day, and the same numbers as a table for who reads rather than sees. */
function Chart({
  title,
  days,
  series,
  more,
}: {
  readonly title: string;
  readonly days: readonly Day[];
  readonly series: readonly Series[];
  readonly more: { readonly title: string; readonly to: string };
}): ReactNode {
  const { home } = useWords();
  const language = useLanguage();
  // Days of UTC, as the server counts them.
  const { format } = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const most = Math.max(1, ...days.flatMap((day) => series.map(({ of }) => of(day))));
  const totals = series.map(({ name, of }) => ({ name, total: days.reduce((sum, day) => sum + of(day), 0) }));
  const bar = (DAY - GAP) / series.length;
  const [first, last] = [days[0], days.at(-1)];
  return (
    <Section title={title} about={totals.map(({ name, total }) => home.total(total, name)).join(' · ')}>
      <figure className="chart">
        <span className="hint chart-most" aria-hidden="true">
          {most}
        </span>
        <svg
          viewBox={`0 0 ${days.length * DAY} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={home.chartLabel(title, totals)}
        >
          <line className="chart-line" x1="0" x2={days.length * DAY} y1={HEIGHT} y2={HEIGHT} />
          {days.map((day, index) =>
            series.map(({ name, look, of }, place) => {
              const height = (of(day) / most) * HEIGHT;
              return (
                <rect
                  key={`${day.day} ${name}`}
                  className={`chart-${look}`}
                  x={index * DAY + GAP / 2 + place * bar}
                  y={HEIGHT - height}
                  width={bar}
                  height={height}
                >
                  <title>{`${format(new Date(day.day))}: ${home.total(of(day), name)}`}</title>
                </rect>
              );
            }),
          )}
        </svg>
        <figcaption className="row apart hint">
          <span>{first && format(new Date(first.day))}</span>
          <span>{home.utc}</span>
          <span>{last && format(new Date(last.day))}</span>
        </figcaption>
      </figure>
      {series.length > 1 && (
        <ul className="row small">
          {series.map(({ name, look }) => (
            <li key={name} className="row">
              <span className={`chart-key ${look}`} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      )}
      <div className="row apart small">
        <details className="grow">
          <summary>{home.asTable}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so that it takes the focus */}
          <section className="table-frame chart-table" aria-label={title} tabIndex={0}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{home.day}</th>
                  {series.map(({ name }) => (
                    <th key={name} scope="col" className="number">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {days.toReversed().map((day) => (
                  <tr key={day.day}>
                    <th scope="row">{format(new Date(day.day))}</th>
                    {series.map(({ name, of }) => (
                      <td key={name} className="number">
                        {of(day)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
        <Link to={more.to}>{more.title}</Link>
      </div>
    </Section>
  );
}
