// SPDX-License-Identifier: Apache-2.0
// Reads resources of Kubernetes as a list of JSON and writes what is wrong with each by the schemas of Kubernetes and of
// the Prometheus Operator: a list of texts, "" where nothing is.
import { readFileSync } from "node:fs";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Service } from "kubernetes-models/v1/Service";

const kinds = { Deployment, PersistentVolumeClaim, PrometheusRule, Service, ServiceMonitor };

function problem(resource) {
  const Kind = kinds[resource.kind];
  if (Kind === undefined) return `no schema is known for kind ${resource.kind}`;
  if (resource.apiVersion !== Kind.apiVersion) return `${resource.kind} has apiVersion ${Kind.apiVersion}`;
  try {
    new Kind(resource).validate();
    return "";
  } catch (error) {
    return error.message;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(problem)));
