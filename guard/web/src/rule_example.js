// SPDX-License-Identifier: Apache-2.0
//
// What an editor without rules begins with; a test holds it against the parser.
export const example = `# One group for each service; docs/reference.md tells of every key.
groups:
  - name: shop-production
    match: ['service="shop"', 'environment="production"']
    window: 2h
    settle: 5m
    interval: 15s
    rollback: { mode: observe }
    rules:
      - slo: error_rate
        bad: http_requests_total{job="shop",status=~"5.."}
        total: http_requests_total{job="shop"}
        objective: "< 1%"
        on_no_data: hold
        on_error: hold
`;
