import pg from 'pg';
import { DatabaseUnreachable } from './failures.ts';

export interface ConnectionOptions extends pg.ClientConfig {
  readonly needsChannelBinding?: boolean;
}

/** A connection that keeps the parameters the server reports, and refuses a server that is not trusted or is read-only. */
export class Connection extends pg.Client {
  /** The current `server_version`, `is_superuser`, `in_hot_standby` and the like. */
  readonly told = new Map<string, string>();

  constructor(config: ConnectionOptions = {}) {
    super(config);
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      this.told.set(parameterName, parameterValue);
    });
    if (config.needsChannelBinding) this.#refuseWithoutChannelBinding();
  }

  /** The process ID that the server reported for this connection. A pooler reports another number. */
  get backend(): number {
    return (this as unknown as { readonly processID: number }).processID; // the type definitions leave it out
  }

  /** @throws DatabaseUnreachable when this server is a standby: its data may be old. */
  refuseStandby(): void {
    if (this.told.get('in_hot_standby') !== 'on') return;
    throw new DatabaseUnreachable(Object.assign(new Error('it is a standby, which is read-only'), { code: '25006' }));
  }

  /** Checked before the driver sends a password, so that a man in the middle gets nothing. */
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
