/** For everything that can be wrong with a passkey: whether one is known is nobody else's business. */
export const PASSKEY_REFUSED = 'The passkey was not accepted. Start again.';
