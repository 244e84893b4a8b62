import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a test makes wrong. The rest is as a browser and an honest authenticator do it. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly verified?: boolean;
  readonly present?: boolean;
  readonly counter?: number;
  /** Whether it can be on several devices, and whether it is. */
  readonly synced?: boolean;
  /** Whether it is on several devices now. */
  readonly backedUp?: boolean;
  readonly handle?: string | undefined;
  readonly id?: string;
  /** What the browser says that the id is. */
  readonly saidId?: string;
  /** The key that signs. */
  readonly key?: KeyObject;
  /** `self` is one of the passkey's own key, which is as good as none. */
  readonly attestation?: 'self' | readonly [format: string, statement: Buffer];
}

export interface Registering {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

export interface Showing {
  readonly challenge: string;
  readonly rpId: string;
}

/** An authenticator in software with one passkey (ES256), and the browser in front of it (WebAuthn, 6.1 and 6.5). */
export class PasskeyAuthenticator {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly id = randomBytes(16).toString('base64url');
  readonly #origin: string;
  readonly #synced: boolean;
  counter = 0;
  handle: string | undefined;

  constructor(origin: string, { synced = true }: { readonly synced?: boolean } = {}) {
    this.#origin = origin;
    this.#synced = synced;
  }

  get privateKey(): KeyObject {
    return this.#keys.privateKey;
  }

  create({ challenge, rp, user }: Registering, lies: Lies = {}) {
    this.handle = user.id;
    const id = Buffer.from(lies.id ?? this.id, 'base64url');
    const head = Buffer.from([id.length >> 8, id.length & 0xff]);
    const data = Buffer.concat([this.#data(rp.id, lies, 0x40), Buffer.alloc(16), head, id, this.#publicKey()]);
    const clientDataJSON = this.#client('webauthn.create', challenge, lies);
    const [format, statement] =
      lies.attestation === 'self'
        ? this.#ownAttestation(data, clientDataJSON)
        : (lies.attestation ?? ['none', Buffer.from([0xa0])]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      ...[text('fmt'), text(format), text('attStmt'), statement, text('authData'), bytes(data)],
    ]);
    return this.#credential(lies, {
      clientDataJSON,
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  get({ challenge, rpId }: Showing, lies: Lies = {}) {
    const data = this.#data(rpId, lies, 0);
    const clientDataJSON = this.#client('webauthn.get', challenge, lies);
    const signature = this.#sign(data, clientDataJSON, lies.key);
    return this.#credential(lies, {
      ...{ clientDataJSON, authenticatorData: data.toString('base64url'), signature: signature.toString('base64url') },
      userHandle: 'handle' in lies ? lies.handle : this.handle,
    });
  }

  #sign(data: Buffer, clientDataJSON: string, key = this.#keys.privateKey): Buffer {
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    return sign('sha256', Buffer.concat([data, hash]), key);
  }

  /** { alg: -7, sig } */
  #ownAttestation(data: Buffer, clientDataJSON: string): readonly [string, Buffer] {
    const signature = this.#sign(data, clientDataJSON);
    const fields = [text('alg'), Buffer.from([0x26]), text('sig'), bytes(signature)];
    return ['packed', Buffer.concat([Buffer.from([0xa2]), ...fields])];
  }

  #credential(lies: Lies, response: Readonly<Record<string, unknown>>) {
    const id = lies.saidId ?? lies.id ?? this.id;
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }

  #client(type: string, challenge: string, lies: Lies): string {
    const data = { type, challenge, origin: this.#origin, crossOrigin: false };
    const { origin = data.origin, challenge: asked = data.challenge, type: said = type } = lies;
    return Buffer.from(JSON.stringify({ ...data, type: said, challenge: asked, origin })).toString('base64url');
  }

  #data(rpId: string, lies: Lies, flags: number): Buffer {
    const { present = true, verified = true, synced = this.#synced, backedUp = synced, counter = this.#next() } = lies;
    const head = Buffer.alloc(5);
    head[0] = flags | (present ? 0x01 : 0) | (verified ? 0x04 : 0) | (synced ? 0x08 : 0) | (backedUp ? 0x10 : 0);
    head.writeUInt32BE(counter, 1);
    const hash = createHash('sha256')
      .update(lies.rpId ?? rpId)
      .digest();
    return Buffer.concat([hash, head]);
  }

  /** One that is synced does not count. */
  #next(): number {
    this.counter += this.#synced ? 0 : 1;
    return this.counter;
  }

  /** { 1: 2, 3: -7, -1: 1, -2: x, -3: y } */
  #publicKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
    const [one, other] = [x, y].map((point) => bytes(Buffer.from(point, 'base64url'))) as [Buffer, Buffer];
    return Buffer.concat([head, one, Buffer.from([0x22]), other]);
  }
}

/** A text of less than 24 bytes in CBOR. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}

/** Bytes in CBOR. */
function bytes(value: Buffer): Buffer {
  const head = value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from(head), value]);
}
