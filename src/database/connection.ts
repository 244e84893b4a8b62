import pg from 'pg';
import { DatabaseUnreachable } from './failures.ts';

export interface ConnectionOptions extends pg.ClientConfig {
  readonly needsChannelBinding?: boolean;
}

/** A connection that keeps what the server says of itself, and refuses a server that is not to be trusted or written to. */
export class Connection extends pg.Client {
  /** `server_version`, `is_superuser`, `in_hot_standby` and the like, as of now. */
  readonly told = new Map<string, string>();

  constructor(config: ConnectionOptions = {}) {
    super(config);
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      this.told.set(parameterName, parameterValue);
    });
    if (config.needsChannelBinding) this.#refuseWithoutChannelBinding();
  }

  /** The process that the server said is its end of the connection. A pooler says something else. */
  get backend(): number {
    return (this as unknown as { readonly processID: number }).processID; // the type definitions leave it out
  }

  /** @throws DatabaseUnreachable when this server is a standby: it may be behind, and nothing is read from it. */
  refuseStandby(): void {
    if (this.told.get('in_hot_standby') !== 'on') return;
    throw new DatabaseUnreachable(Object.assign(new Error('it is a standby, which only reads'), { code: '25006' }));
  }

  /** Before the driver answers, so that whoever is in the middle is given nothing. */
  #refuseWithoutChannelBinding(): void {
    let bound = false;
    const refuse = () => {
      if (!bound)
        this.connection.stream.destroy(new Error('channel_binding=require, and the server does not offer it'));
    };
    this.connection.on('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
      bound = mechanisms.includes('SCRAM-SHA-256-PLUS');
      refuse();
    });
    for (const other of ['authenticationOk', 'authenticationCleartextPassword', 'authenticationMD5Password']) {
      this.connection.on(other, refuse);
    }
  }
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}
