// SPDX-License-Identifier: Apache-2.0
//
// Draws one dashboard by Perses' own components. The address says which, from which server, and from when to when:
// ?dashboard=FILE.json&prometheus=URL&start=MILLISECONDS&end=MILLISECONDS&var-NAME=VALUE (several of what is repeated)
import * as panels from "@perses-dev/panels-plugin";
import panelsResource from "@perses-dev/panels-plugin/plugin.json";
import * as prometheus from "@perses-dev/prometheus-plugin";
import prometheusResource from "@perses-dev/prometheus-plugin/plugin.json";
import { ChartsProvider, SnackbarProvider, generateChartsTheme, getTheme } from "@perses-dev/components";
import { Dashboard, DashboardProvider, DatasourceStoreProvider, VariableProvider } from "@perses-dev/dashboards";
import { PluginRegistry, TimeRangeProvider, dynamicImportPluginLoader } from "@perses-dev/plugin-system";
import { ThemeProvider } from "@mui/material";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router-dom";
import { converted } from "./convert.mjs";

const asked = new URLSearchParams(location.search);
const dashboard = converted(await (await fetch(asked.get("dashboard"))).json(), (name) => asked.getAll(`var-${name}`));
for (const { spec } of dashboard.spec.variables)
  if (asked.has(`var-${spec.name}`)) spec.defaultValue = asked.get(`var-${spec.name}`);

const source = {
  kind: "GlobalDatasource",
  metadata: { name: "prometheus" },
  spec: {
    default: true,
    plugin: { kind: "PrometheusDatasource", spec: { directUrl: asked.get("prometheus"), scrapeInterval: "1s" } },
  },
};
const datasources = {
  getDatasource: async () => undefined,
  getGlobalDatasource: async () => source,
  listDatasources: async () => [],
  listGlobalDatasources: async () => [source],
  buildProxyUrl: () => "",
};
const loader = dynamicImportPluginLoader([
  { resource: panelsResource, importPlugin: async () => panels },
  { resource: prometheusResource, importPlugin: async () => prometheus },
]);
const kinds = { Panel: "TimeSeriesChart", TimeSeriesQuery: "PrometheusTimeSeriesQuery" };
const theme = getTheme("light");
const client = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 0 } } });
const range = { start: new Date(Number(asked.get("start"))), end: new Date(Number(asked.get("end"))) };

createRoot(document.getElementById("root")).render(
  <MemoryRouter>
    <ThemeProvider theme={theme}>
      <ChartsProvider chartsTheme={generateChartsTheme(theme, {})}>
        <SnackbarProvider>
          <QueryClientProvider client={client}>
            <PluginRegistry pluginLoader={loader} defaultPluginKinds={kinds}>
              <TimeRangeProvider timeRange={range} refreshInterval="0s">
                <DatasourceStoreProvider dashboardResource={dashboard} datasourceApi={datasources}>
                  <VariableProvider initialVariableDefinitions={dashboard.spec.variables}>
                    <DashboardProvider initialState={{ dashboardResource: dashboard, isEditMode: false }}>
                      <Dashboard />
                    </DashboardProvider>
                  </VariableProvider>
                </DatasourceStoreProvider>
              </TimeRangeProvider>
            </PluginRegistry>
          </QueryClientProvider>
        </SnackbarProvider>
      </ChartsProvider>
    </ThemeProvider>
  </MemoryRouter>,
);
