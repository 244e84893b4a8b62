import { deviceNameOf } from '../../src/common/device-name.ts';

/** A user agent as people call it: "Firefox, Windows". One that is not known stays as the client sent it. */
export function deviceOf(userAgent: string): string {
  return deviceNameOf(userAgent) ?? userAgent;
}
