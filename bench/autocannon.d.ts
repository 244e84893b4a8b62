// What the bench uses of autocannon, which brings no types of its own.
declare module 'autocannon' {
  namespace autocannon {
    interface Options {
      url: string;
      connections?: number;
      amount?: number;
      duration?: number;
      method?: string;
      headers?: Record<string, string>;
      body?: string;
      sampleInt?: number;
      verifyBody?: (body: string) => boolean;
    }
    interface Result {
      non2xx: number;
      errors: number;
      mismatches: number;
    }
  }
  function autocannon(
    options: autocannon.Options,
    done: (error: Error | null, result: autocannon.Result) => void,
  ): import('node:events').EventEmitter;
  export default autocannon;
}
