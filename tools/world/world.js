// Writes internal/serve/pages/data/world.tsv: the outlines of the countries in
// the Equal Earth projection, on a sheet of 1000 by 460, for the map that the
// pages draw. Run it where these are installed, and only when a border moves:
//
//	npm install world-atlas@2 topojson-client@3 i18n-iso-countries@7
//	node world.js > world.tsv
//
// Shapes are Natural Earth's (public domain) as world-atlas packs them: 1:110m,
// and 1:50m for the places of the states that are too small for that.
const {feature} = require("topojson-client");
const iso = require("i18n-iso-countries");
const coarse = require("world-atlas/countries-110m.json");
const fine = require("world-atlas/countries-50m.json");

// B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", 2018.
const A = [1.340264, -0.081106, 0.000893, 0.003796], M = Math.sqrt(3) / 2;
const east = 11; // the sheet is cut in the Bering Strait
function turned(lon) { lon -= east; return lon < -180 ? lon + 360 : lon; }
function project([lon, lat]) { return onto(turned(lon), lat); }
function onto(lon, lat) {
  const l = Math.asin(M * Math.sin(lat * Math.PI / 180)), l2 = l * l, l6 = l2 * l2 * l2;
  const x = lon * Math.PI / 180 * Math.cos(l) / (M * (A[0] + 3 * A[1] * l2 + l6 * (7 * A[2] + 9 * A[3] * l2)));
  const y = l * (A[0] + A[1] * l2 + l6 * (A[2] + A[3] * l2));
  return [500 + x * 184.5, 236 - y * 184.5];
}

const code = f => f.id ? iso.numericToAlpha3(f.id) : {Kosovo: "XKX", "N. Cyprus": "CYP", Somaliland: "SOM"}[f.properties.name];
const rings = g => g.type === "Polygon" ? [g.coordinates] : g.coordinates;

function area(r) { let s = 0; for (let i = 0; i < r.length - 1; i++) s += r[i][0] * r[i + 1][1] - r[i + 1][0] * r[i][1]; return s / 2; }
function middle(r) { // of a ring, by area
  let s = 0, x = 0, y = 0;
  for (let i = 0; i < r.length - 1; i++) { const k = r[i][0] * r[i + 1][1] - r[i + 1][0] * r[i][1]; s += k; x += (r[i][0] + r[i + 1][0]) * k; y += (r[i][1] + r[i + 1][1]) * k; }
  return s ? [x / (3 * s), y / (3 * s)] : r[0];
}
function draw(ring) {
  // A ring that crosses the cut is drawn whole, over the edge it began at.
  let last = turned(ring[0][0]);
  let pts = ring.map(([lon, lat]) => {
    lon = turned(lon);
    last = lon - last > 180 ? lon - 360 : last - lon > 180 ? lon + 360 : lon;
    return onto(last, lat).map(Math.round);
  });
  pts = pts.filter((p, i) => i === 0 || p[0] !== pts[i - 1][0] || p[1] !== pts[i - 1][1]);
  if (pts.length < 4) return "";
  let d = "M" + pts[0].join(" ") + "l", [x, y] = pts[0];
  for (const p of pts.slice(1, -1)) { d += (p[0] - x) + " " + (p[1] - y) + " "; [x, y] = p; }
  return d.trim().replace(/ -/g, "-") + "z";
}

const out = {};
for (const [world, shapes] of [[fine, false], [coarse, true]]) {
  for (const f of feature(world, world.objects.countries).features) {
    const c = code(f);
    if (!c || c === "ATA") continue;
    const o = out[c] ||= {size: 0, path: ""};
    for (const poly of rings(f.geometry)) {
      const ring = poly[0].map(project);
      if (!shapes && f.id && Math.abs(area(ring)) > o.size) { o.size = Math.abs(area(ring)); o.at = middle(ring); }
      if (shapes) o.path += draw(poly[0]);
    }
  }
}
// Where the middle of the largest land is no good place for a mark.
const moved = {USA: [-98, 39], FRA: [2.5, 46.6], RUS: [60, 58], NOR: [9, 61.5], CAN: [-105, 56], CHL: [-71, -33], ESP: [-3.7, 40.2], VNM: [106, 19], HRV: [16, 45.3], MYS: [102.3, 4]};
for (const c in moved) out[c].at = project(moved[c]);
out.XKX = out.XKX || {path: ""}; out.XKX.at = project([20.9, 42.6]);

console.log(`# Outlines of countries for the map of the start page.
#
# code	ISO 3166-1 alpha-3, XKX for Kosovo
# x, y	where a mark of the country stands
# path	SVG path data; empty for what is too small to draw
#
# Equal Earth projection, centred on 11° E, on a sheet of 1000 by 460. Made by
# tools/world/world.js from Natural Earth 4.1 (public domain, naturalearthdata.com)
# as world-atlas 2.0.2 packs it. Borders are Natural Earth's (who holds the ground)
# and no word of ours on whose they are; Somaliland is drawn with Somalia and
# Northern Cyprus with Cyprus, as claims are coded.`);
for (const c of Object.keys(out).sort()) if (out[c].at) console.log([c, ...out[c].at.map(Math.round), out[c].path].join("\t"));
