// SPDX-License-Identifier: Apache-2.0
//
// Does something a while after the last time it was asked for, one at a time, and once more if it was asked for
// meanwhile.
export class Soon {
  constructor(pause, act) {
    Object.assign(this, { pause, act, timer: null, busy: false, again: false });
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), this.pause);
  }

  async run() {
    if (this.busy) return void (this.again = true);
    this.busy = true;
    try {
      await this.act();
    } finally {
      this.busy = false;
    }
    if (this.again && !this.ended) {
      this.again = false;
      this.ask();
    }
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}
