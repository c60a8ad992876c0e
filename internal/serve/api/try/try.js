// Builds a form for every operation of openapi.json. Text is only ever set as
// text, never as markup.
"use strict";

const make = (tag, attributes = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
};

const most = 200000; // characters of an answer that are shown

function field(p, id) {
  const schema = p.schema.items || p.schema;
  if (schema.enum || schema.type === "boolean") {
    const s = make("select", { id, name: p.name });
    for (const v of ["", ...(schema.enum || ["true", "false"])]) s.append(make("option", { value: v }, v));
    return s;
  }
  const i = make("input", { id, name: p.name, spellcheck: "false" });
  if (p.example !== undefined && p.example !== null) i.placeholder = String(p.example);
  if (p.in === "path") i.required = true;
  return i;
}

function form(path, method, op) {
  const f = make("form");
  const fields = [];
  for (const p of op.parameters || []) {
    if (p.name === "If-None-Match") continue;
    const id = op.operationId + "-" + p.name;
    const input = field(p, id);
    fields.push([p, input]);
    f.append(make("label", { for: id }, make("code", {}, p.name), make("small", {}, p.description || "")), input);
  }
  let body, kind;
  if (op.requestBody) {
    const types = Object.keys(op.requestBody.content);
    const first = types.includes("application/json") ? "application/json" : types[0];
    kind = make("select", { id: op.operationId + "-kind" });
    for (const t of types) kind.append(make("option", t === first ? { value: t, selected: "" } : { value: t }, t));
    body = make("textarea", { id: op.operationId + "-body", spellcheck: "false" });
    const example = op.requestBody.content[first].example;
    if (example) body.value = JSON.stringify(example, null, 2);
    f.append(make("label", { for: kind.id }, "kind of body"), kind,
      make("label", { for: body.id }, "body", make("small", {}, op.requestBody.description || "")), body);
  }
  f.append(make("p", {}, make("button", { type: "submit" }, "Send")));
  const out = make("div", { "aria-live": "polite" });
  f.addEventListener("submit", async (e) => {
    e.preventDefault();
    let url = path;
    const query = new URLSearchParams();
    const headers = {};
    for (const [p, input] of fields) {
      const v = input.value.trim();
      if (p.in === "path") url = url.replace("{" + p.name + "}", encodeURIComponent(v));
      else if (v && p.in === "header") headers[p.name] = v;
      else if (v) query.set(p.name, v);
    }
    if (String(query)) url += "?" + query;
    const token = document.getElementById("token").value.trim();
    if (token) headers.Authorization = "Bearer " + token;
    if (body) headers["Content-Type"] = kind.value;
    out.replaceChildren(make("p", {}, "Sent…"));
    try {
      const t = performance.now();
      const r = await fetch(url, { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
      const type = r.headers.get("Content-Type") || "";
      const told = r.status + " " + r.statusText + ", " + Math.round(performance.now() - t) + " ms, " + type;
      out.replaceChildren(make("p", {}, make("code", {}, method.toUpperCase() + " " + url)), make("p", {}, told));
      if (/json|text|markdown|csv/.test(type)) {
        let text = await r.text();
        if (/json/.test(type) && !/ndjson/.test(type)) text = JSON.stringify(JSON.parse(text), null, 2);
        if (text.length > most) text = text.slice(0, most) + "\n… and " + (text.length - most) + " characters more";
        out.append(make("pre", { tabindex: "0" }, text));
      } else {
        const b = await r.blob();
        const a = make("a", { href: URL.createObjectURL(b), download: op.operationId }, "Keep the answer, " + b.size + " bytes");
        out.append(make("p", {}, a));
      }
    } catch (err) {
      out.replaceChildren(make("p", {}, "No answer: " + err.message));
    }
  });
  return make("div", {}, make("p", {}, op.description || ""), f, out);
}

async function load() {
  const main = document.getElementById("routes");
  try {
    const doc = await (await fetch("openapi.json")).json();
    main.replaceChildren();
    for (const tag of doc.tags) {
      const lines = [];
      for (const [path, item] of Object.entries(doc.paths)) {
        for (const [method, op] of Object.entries(item)) {
          if (!op.tags.includes(tag.name)) continue;
          const d = make("details", { id: op.operationId }, make("summary", {}, make("code", {}, method.toUpperCase() + " " + path), " " + op.summary));
          d.addEventListener("toggle", () => { if (d.open && d.children.length === 1) d.append(form(path, method, op)); });
          lines.push(d);
        }
      }
      main.append(make("h2", {}, tag.name), ...lines);
    }
  } catch (err) {
    main.replaceChildren(make("p", {}, "openapi.json cannot be read: " + err.message));
  }
}

load();
