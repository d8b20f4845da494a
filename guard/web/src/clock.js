// SPDX-License-Identifier: Apache-2.0
//
// The guard's time on this page, whatever the visitor's clock says, and one tick a second for all that counts down.
export class Clock {
  constructor() {
    this.ahead = 0;
    this.listeners = new Set();
    setInterval(() => this.listeners.forEach((listener) => listener()), 1000);
  }

  set(now) {
    this.ahead = Date.parse(now) - Date.now();
  }

  now() {
    return Date.now() + this.ahead;
  }

  // Calls `listener` every second; the result stops that.
  each(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
