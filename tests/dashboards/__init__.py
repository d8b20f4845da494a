# SPDX-License-Identifier: Apache-2.0
"""The shipped Grafana dashboards, checked without a Grafana: what they hold, what they ask, how they look in type."""
