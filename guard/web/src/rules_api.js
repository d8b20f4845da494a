// SPDX-License-Identifier: Apache-2.0
//
// What the guard is asked where rules are tried out.
import { post, read, release } from "./api.js";

export const readRules = (group) => read(`api/v1/rules/text?group=${encodeURIComponent(group)}`);
export const checkRules = (text, file) => post("api/v1/rules/check", { text, file });
export const readRuleSeries = (text, line) => post("api/v1/rules/series", { text, line });
export const tryObjective = (id, change) => post(`${release(id)}/what-if`, change);
