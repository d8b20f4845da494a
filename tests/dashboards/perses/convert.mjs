// SPDX-License-Identifier: Apache-2.0
//
// A dashboard as Grafana reads it, as Perses reads it (https://perses.dev, data model v1): the same queries, variables,
// places, units and words. What Perses has no word for is left out: annotations, links, colours of single series, what
// a panel says where there is no value.

const units = {
  s: "seconds", percentunit: "percent-decimal", bytes: "bytes", none: "decimal", short: "decimal", cps: "counts/sec",
  reqps: "requests/sec", ops: "ops/sec",
};

const format = ({ unit = "none", decimals }) => ({
  unit: units[unit],
  ...(decimals === undefined ? {} : { decimalPlaces: decimals }),
});

// [value, its text, its color] of each value that has a text of its own.
const named = (mappings = []) =>
  mappings.flatMap(({ options }) =>
    Object.entries(options).map(([value, { text, color }]) => ({ value, text, color })));

const mappings = (defaults) =>
  named(defaults.mappings).map(({ value, text, color }) =>
    ({ kind: "Value", spec: { value, result: { value: text, color } } }));

const thresholds = (defaults) => {
  const [first, ...rest] = defaults.thresholds?.steps ?? [];
  return { ...(first ? { defaultColor: first.color } : {}), steps: rest.map(({ value, color }) => ({ value, color })) };
};

const property = (override, id) => override.properties.find((one) => one.id === id)?.value;

// Perses calls the value of the only query "value", and numbers those of several from 1.
const columnOf = (panel, name) => {
  if (name === "Time") return "timestamp";
  const of = /^Value(?: #(\w))?$/.exec(name);
  if (!of) return name;
  return of[1] ? `value #${panel.targets.findIndex(({ refId }) => refId === of[1]) + 1}` : "value";
};

function columns(panel) {
  const { options } = panel.transformations.find(({ id }) => id === "organize");
  const { excludeByName, indexByName, renameByName } = options;
  const shown = Object.entries(indexByName).sort((a, b) => a[1] - b[1]).map(([name]) => name);
  return [
    ...Object.keys(excludeByName).map((name) => ({ name: columnOf(panel, name), hide: true })),
    ...shown.map((name) => ({ name: columnOf(panel, name), header: renameByName[name] ?? name })),
  ];
}

const cells = (panel) =>
  panel.fieldConfig.overrides.flatMap((override) =>
    named(property(override, "mappings")).map(({ value, text, color }) => ({
      condition: { kind: "Value", spec: { value } }, text, backgroundColor: color,
    })));

// Grafana shows the legend where Perses shows one label.
const lastLabel = (legend) => /{{(\w+)}}$/.exec(legend)[1];

const plugins = {
  stat: (panel, defaults) => ({
    kind: "StatChart",
    spec: {
      calculation: "last-number", format: format(defaults), mappings: mappings(defaults),
      thresholds: thresholds(defaults),
      ...(panel.options.textMode === "name" ? { metricLabel: lastLabel(panel.targets[0].legendFormat) } : {}),
    },
  }),
  timeseries: (panel, defaults) => ({
    kind: "TimeSeriesChart",
    spec: {
      legend: { mode: "list", position: "bottom" },
      yAxis: { format: format(defaults), min: defaults.min },
      visual: {
        lineWidth: 1.5, areaOpacity: defaults.custom.fillOpacity / 100,
        stack: defaults.custom.stacking.mode === "normal" ? "all" : "none",
      },
    },
  }),
  bargauge: (panel, defaults) => ({ kind: "BarChart", spec: { calculation: "last-number", format: format(defaults) } }),
  "state-timeline": (panel, defaults) => ({
    kind: "StatusHistoryChart",
    spec: { legend: { mode: "list", position: "bottom" }, mappings: mappings(defaults) },
  }),
  table: (panel) => ({
    kind: "Table",
    spec: {
      density: "compact", columnSettings: columns(panel), cellSettings: cells(panel),
      transforms: panel.transformations.some(({ id }) => id === "merge") ? [{ kind: "MergeSeries", spec: {} }] : [],
    },
  }),
};

const query = ({ expr, legendFormat }) => ({
  kind: "TimeSeriesQuery",
  spec: {
    plugin: {
      kind: "PrometheusTimeSeriesQuery",
      spec: { query: expr, ...(legendFormat ? { seriesNameFormat: legendFormat } : {}) },
    },
  },
});

const definition = (panel) => ({
  kind: "Panel",
  spec: {
    display: { name: panel.title, description: panel.description },
    plugin: plugins[panel.type](panel, panel.fieldConfig.defaults),
    queries: panel.targets.map(query),
  },
});

function variable({ name, label, query: { query: text }, includeAll, allValue, multi }) {
  const [, selector, labelName] = /^label_values\((.*), (\w+)\)$/s.exec(text);
  return {
    kind: "ListVariable",
    spec: {
      name, display: { name: label }, allowMultiple: multi, allowAllValue: includeAll,
      ...(allValue ? { customAllValue: allValue } : {}),
      ...(includeAll ? { defaultValue: "$__all" } : {}),
      plugin: { kind: "PrometheusLabelValuesVariable", spec: { labelName, matchers: [selector] } },
    },
  };
}

// A repeated panel, once for each of the values of its variable.
function repeated(panel, values) {
  if (!panel.repeat) return [panel];
  const { w, y, h } = panel.gridPos;
  return values(panel.repeat).map((value, i) => {
    const filled = JSON.parse(JSON.stringify(panel).replaceAll(`$${panel.repeat}`, value));
    const columns = Math.floor(24 / w);
    const gridPos = { x: (i % columns) * w, y: y + Math.floor(i / columns) * h, w, h };
    return { ...filled, id: `${panel.id}-${i}`, gridPos };
  });
}

// A row and what follows it are a group.
function layouts(panels) {
  const groups = [];
  let top = 0;
  for (const { id, type, title, gridPos: { x, y, w, h } } of panels) {
    if (type === "row") {
      groups.push({ kind: "Grid", spec: { display: { title, collapse: { open: true } }, items: [] } });
      top = y + 1;
    } else {
      groups.at(-1).spec.items.push({ x, y: y - top, width: w, height: h, content: { $ref: `#/spec/panels/p${id}` } });
    }
  }
  return groups;
}

// values: the values that a variable has, by its name.
export function converted(dashboard, values) {
  const panels = dashboard.panels.flatMap((panel) => repeated(panel, values));
  const drawn = panels.filter(({ type }) => type !== "row");
  return {
    kind: "Dashboard",
    metadata: { name: dashboard.uid, project: "release-guard", version: 0 },
    spec: {
      display: { name: dashboard.title, description: dashboard.description },
      duration: "1h",
      variables: dashboard.templating.list.filter(({ type, hide }) => type === "query" && hide !== 2).map(variable),
      panels: Object.fromEntries(drawn.map((panel) => [`p${panel.id}`, definition(panel)])),
      layouts: layouts(panels),
    },
  };
}
