// SPDX-License-Identifier: Apache-2.0
//
// One question for a chart at a time, so that a page never takes the guard's lanes for itself.
let queue = Promise.resolve();

export const inTurn = (work) => (queue = queue.then(work, work));
