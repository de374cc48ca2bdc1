// What one neighbour may bring: verifying signatures costs us more than making noise costs it.

export class TokenBucket {
  #rate;
  #burst;
  #tokens;
  #filledAt;

  /** @param {number} rate Tokens a second. @param {number} burst Tokens at once. @param {number} now In milliseconds. */
  constructor(rate, burst, now) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** @param {number} now In milliseconds, on the clock that the bucket was made with. */
  tryTake(now, tokens = 1) {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#rate);
    this.#filledAt = now;
    if (this.#tokens < tokens) {
      return false;
    }
    this.#tokens -= tokens;
    return true;
  }
}
