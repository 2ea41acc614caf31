// Keeps the page up to date, and turns its switches. What comes from a request is hostile:
// it becomes text (`textContent`) or an attribute, never markup.

const CONTROL = "/_emulator/";
// Between two refreshes of the same thing, in milliseconds.
const PAUSE = 250;
// How much of a body that is no picture is shown, in bytes.
const EXCERPT = 512;

const $ = (id) => document.getElementById(id);
const rows = $("rows");
const maxRows = Number(rows.dataset.maxRows);

// Control by HTTP

async function request(method, path, body) {
  const response = await fetch(CONTROL + path, { method, body });
  if (response.ok) return response;
  const { error } = await response.json();
  throw new Error(error.message);
}

async function get(path) {
  return (await request("GET", path)).json();
}

// What this changes comes back as an event.
async function change(method, path, body) {
  $("failure").textContent = "";
  try {
    await request(method, path, body);
  } catch (error) {
    $("failure").textContent = error.message;
    refreshControls();
    return false;
  }
  return true;
}

// Runs `task` now, or after a pause if it ran only just now; what is asked for meanwhile is
// done once. A task that fails is tried again when the connection is back.
function paced(task) {
  let isRunning = false;
  let isWanted = false;
  return async function run() {
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    await task().catch((error) => console.warn(error));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    isRunning = false;
    if (isWanted) {
      isWanted = false;
      run();
    }
  };
}

// Text and elements

// Characters that show nothing, or change the order of others, are written as escapes.
function visible(text) {
  const escape = (c) => `\\u{${c.codePointAt(0).toString(16)}}`;
  return String(text ?? "").replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, escape);
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child != null));
  return made;
}

// A copy of a template, with texts in its fields.
function stamp(template, fields) {
  const made = $(template).content.firstElementChild.cloneNode(true);
  for (const [name, text] of Object.entries(fields)) {
    made.querySelector(`[data-field="${name}"]`).textContent = visible(text);
  }
  return made;
}

function bytes(count) {
  return `${count.toLocaleString("en")} bytes`;
}

// Times, by the emulator's clock

// Swedes write dates as ISO 8601 has them.
const DATES = "sv-SE";
let ahead = 0;
const now = () => Date.now() + ahead;

function relative(time) {
  const seconds = Math.round((now() - time) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

// `of` is "td" for the time of a row, or "dd" for a time with its date.
function timeElement(iso, of) {
  const made = element("time", { datetime: iso, "data-of": of });
  showTime(made);
  return made;
}

function showTime(made) {
  const time = new Date(made.dateTime);
  if (!made.querySelector("small")) {
    made.title = `${time.toLocaleString()} (${made.dateTime})`;
    const isShort = made.dataset.of === "td";
    const text = isShort ? time.toLocaleTimeString(DATES) : time.toLocaleString(DATES);
    made.replaceChildren(text, " ", element("small", {}));
  }
  const text = relative(time);
  const small = made.querySelector("small");
  if (small.textContent !== text) small.textContent = text;
}

function tick() {
  const time = new Date(now());
  const clock = $("clock");
  clock.textContent = time.toLocaleString(DATES);
  clock.dateTime = clock.title = time.toISOString();
  document.querySelectorAll("time[data-of]").forEach(showTime);
}

// Requests

let outcome = "";
// Those that arrived since the last refresh began, and those that are to be shown.
let arrived = [];
let queued = [];

function rowOf(request) {
  const { number, time, method, target, status, code, why, earlySeconds } = request;
  const row = stamp("row", {
    outcome: request.outcome,
    method,
    target,
    status: status ?? "none",
    code,
    why: earlySeconds == null ? why : `${why}; ${earlySeconds.toFixed(1)} s too early`,
  });
  row.dataset.number = number;
  row.dataset.outcome = request.outcome;
  row.querySelector("time").replaceWith(timeElement(time, "td"));
  return row;
}

function buttonOf(number) {
  return rows.querySelector(`tr[data-number="${number}"] .open`);
}

// One row is reached by the Tab key, the others by the arrow keys.
function stopAt(button) {
  rows.querySelectorAll('.open[tabindex="0"]').forEach((stop) => (stop.tabIndex = -1));
  if (button) button.tabIndex = 0;
}

function settle() {
  while (rows.rows.length > maxRows) rows.lastElementChild.remove();
  if (!rows.contains(document.activeElement)) stopAt(rows.querySelector(".open"));
  const isEmpty = rows.rows.length === 0;
  rows.parentElement.hidden = isEmpty;
  $("no-requests").hidden = !isEmpty || outcome !== "";
  $("no-match").hidden = !isEmpty || outcome === "";
}

function arrive(request) {
  if (outcome && request.outcome !== outcome) return;
  arrived.push(request);
  queued.push(request);
  if (queued.length === 1) requestAnimationFrame(showQueued);
  if (queued.length > maxRows) queued.shift();
  if (arrived.length > maxRows) arrived.shift();
}

function showQueued() {
  const fresh = queued.filter((request) => !buttonOf(request.number)).reverse();
  queued = [];
  rows.prepend(...fresh.map(rowOf));
  settle();
}

const refreshRequests = paced(async () => {
  arrived = [];
  const wanted = outcome;
  const filter = wanted ? `&outcome=${wanted}` : "";
  const latest = await get(`requests?limit=${maxRows}${filter}`);
  if (wanted !== outcome) return;
  const all = new Map([...latest, ...arrived].map((request) => [request.number, request]));
  const focused = document.activeElement?.closest("#rows tr")?.dataset.number;
  rows.replaceChildren(...[...all.values()].reverse().map(rowOf));
  settle();
  if (focused) buttonOf(focused)?.focus();
});

const refreshCounts = paced(async () => {
  const counts = await get("requests/count");
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (const input of document.getElementsByName("outcome")) {
    input.parentElement.querySelector(".number").textContent = counts[input.value] ?? total;
  }
  $("capped").hidden = (outcome ? counts[outcome] : total) <= maxRows;
});

function moveFocus(event) {
  const row = event.target.closest("tr");
  const moves = {
    ArrowDown: row?.nextElementSibling,
    ArrowUp: row?.previousElementSibling,
    Home: rows.firstElementChild,
    End: rows.lastElementChild,
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  moves[event.key]?.querySelector(".open").focus();
}

rows.addEventListener("keydown", moveFocus);
rows.addEventListener("focusin", (event) => stopAt(event.target));
rows.addEventListener("click", (event) => {
  const row = event.target.closest("tr");
  if (row) showRequest(row.dataset.number);
});
$("filter").addEventListener("change", (event) => {
  outcome = event.target.value;
  queued = [];
  refreshRequests();
  refreshCounts();
});

// Photos

const cards = new Map();

function photoUrl(target, request) {
  return `${CONTROL}photos${target}?request=${request}`;
}

function initials(title) {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0]).join("");
}

function cardOf({ target, title, collection, photo, versions }) {
  const key = JSON.stringify([target, title, photo?.request, photo?.time, versions]);
  if (cards.has(key)) return [key, cards.get(key)];
  const card = stamp("card", {
    initials: initials(visible(title)),
    count: versions > 1 ? `${versions} photos` : "",
    title,
    collection,
    target: decode(target),
    about: photo ? bytes(photo.bytes) : "no photo",
  });
  card.firstElementChild.dataset.target = target;
  card.firstElementChild.title = visible(`${title}: ${decode(target)}`);
  if (photo) {
    const alt = `The photo of ${visible(title)}`;
    const attributes = { alt, loading: "lazy", decoding: "async" };
    const image = element("img", { ...attributes, src: photoUrl(target, photo.request) });
    card.querySelector(".initials").after(image);
  }
  return [key, card];
}

function decode(target) {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

const refreshPhotos = paced(async () => {
  const search = encodeURIComponent($("search").value);
  const { total, resources } = await get(`resources?search=${search}`);
  const made = resources.map(cardOf);
  const focused = document.activeElement?.closest(".card")?.dataset.target;
  cards.clear();
  made.forEach(([key, card]) => cards.set(key, card));
  $("grid").replaceChildren(...cards.values());
  if (focused) $("grid").querySelector(`[data-target="${CSS.escape(focused)}"]`)?.focus();
  $("no-people").hidden = resources.length > 0;
  $("no-people").textContent = search ? "Nothing matches the search." : "No photo has been stored yet.";
  $("people-count").textContent = `${resources.length} of ${total}`;
});

$("search").addEventListener("input", refreshPhotos);
$("grid").addEventListener("click", (event) => {
  const card = event.target.closest(".card");
  if (card) showHistory(card.dataset.target, card.querySelector("strong").textContent);
});

// Details of a request, and the history of a photo

function open(heading, ...content) {
  $("details-heading").textContent = heading;
  $("details-body").replaceChildren(...content.filter(Boolean));
  if (!$("details").open) $("details").showModal();
  $("details").scrollTop = 0;
}

function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [name, value] of pairs) {
    if (value == null || value === "") continue;
    const content = value instanceof Node ? value : visible(value);
    list.append(element("dt", {}, name), element("dd", {}, content));
  }
  return list;
}

function table(name, headings, lines) {
  const cell = (value) => element("td", {}, value instanceof Node ? value : visible(value));
  const head = headings.map((heading) => element("th", { scope: "col" }, heading));
  const body = lines.map((line) => element("tr", {}, ...line.map(cell)));
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      { class: name },
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...body),
    ),
  );
}

function section(heading, ...content) {
  return element("section", {}, element("h3", {}, heading), ...content);
}

async function showRequest(number) {
  try {
    const path = `requests/${number}`;
    const [request, metadata] = await Promise.all([get(path), get(`${path}/permissions`)]);
    open(
      visible(`${request.method} ${request.target}`),
      verdict(request),
      section("Permissions", ...permissionsOf(request, metadata)),
      section("Headers", table("headers", ["Name", "Value"], request.headers)),
      section("Body", await bodyOf(request)),
    );
  } catch (error) {
    open("This request can't be shown", element("p", {}, error.message));
  }
}

function verdict(request) {
  const badge = element("span", { class: "badge", "data-outcome": request.outcome }, request.outcome);
  const early = request.earlySeconds;
  return facts([
    ["Outcome", badge],
    ["Why", request.why],
    ["Status", request.status ?? "none: no response was sent"],
    ["Code", request.code],
    ["Too early", early == null ? null : `${early.toFixed(1)} s before Retry-After was over`],
    ["Time", timeElement(request.time, "dd")],
    ["Took", `${request.milliseconds.toFixed(1)} ms`],
    ["Size", `${bytes(request.wireBytes)}, with a body of ${bytes(request.bodyBytes)}`],
    ["request-id", request.requestId],
    ["Number", `${request.number}, on connection ${request.connection}`],
  ]);
}

function permissionsOf(request, { operation, token, permissions }) {
  const sender = token
    ? `${token.type}, ${token.user ? `on behalf of ${token.user}` : "the app itself"}`
    : "none that can be read";
  const known = facts([
    ["Operation", operation ? `${operation.id}: ${operation.summary}` : "none that changes a photo"],
    ["Token", sender],
    ["Allowed by", request.permission],
  ]);
  if (permissions.length === 0) return [known];
  const lines = permissions.map((one) => [
    `${one.scope} (${one.type})`,
    one.condition ?? "none",
    one.allowed ? "✓ allowed it" : one.granted ? "✓ granted" : "✕ not granted",
    one.source ? element("a", { href: one.sourceUrl, rel: "noreferrer" }, one.source) : "",
  ]);
  return [known, table("permissions", ["Any of these", "Only if", "Token", "Source"], lines)];
}

async function bodyOf({ number, bodyBytes }) {
  if (bodyBytes === 0) return element("p", { class: "muted" }, "The request had no body.");
  const source = `${CONTROL}requests/${number}/body`;
  const image = element("img", { alt: "The body as a picture", src: source });
  const isPicture = await image.decode().then(
    () => true,
    () => false,
  );
  if (isPicture) return image;
  const body = await (await request("GET", `requests/${number}/body`)).arrayBuffer();
  const start = new TextDecoder().decode(body.slice(0, EXCERPT));
  const isAll = bodyBytes <= EXCERPT;
  return element(
    "div",
    {},
    element("p", { class: "muted" }, `No picture. ${isAll ? "It is:" : "It begins with:"}`),
    element("p", {}, element("code", {}, visible(start))),
  );
}

async function showHistory(target, title) {
  const list = element("ul", { class: "versions" });
  const none = element("p", { class: "muted" }, "No photo has been stored yet.");
  open(title, element("code", {}, visible(decode(target))), list);
  const history = await get(`history${target}`).catch(() => ({ versions: [] }));
  if (history.versions.length === 0) list.replaceWith(none);
  const latest = history.versions.slice(-maxRows).reverse();
  list.append(...latest.map((version, index) => versionOf(target, version, index)));
}

function versionOf(target, version, index) {
  const alt = index === 0 ? "The current photo" : `The photo that request ${version.request} stored`;
  const source = photoUrl(target, version.request);
  const link = element("button", { class: "quiet", type: "button" }, `Request ${version.request}`);
  link.addEventListener("click", () => showRequest(version.request));
  return element(
    "li",
    {},
    element("img", { alt, src: source, loading: "lazy", decoding: "async" }),
    element(
      "div",
      {},
      element("strong", {}, index === 0 ? "Current photo" : "Replaced"),
      facts([
        ["Stored", timeElement(version.time, "dd")],
        ["Size", bytes(version.bytes)],
        ["Allowed by", version.permission],
        ["ETag", version.etag],
        ["Upload", link],
      ]),
    ),
  );
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || "closes" in event.target.dataset) dialog.close();
  });
}

// Clock, throttling, faults and reset

const isSpent = ({ rule, struck }) => {
  const times = /(?:^|;)times=(\d+)/.exec(rule);
  return times !== null && struck >= Number(times[1]);
};
const withoutFrequency = (rule) => rule.replace(/^(?:(?:every|times)=\d+;)+/, "");

const refreshControls = paced(async () => {
  const [clock, throttle, faults] = await Promise.all(["clock", "throttle", "faults"].map(get));
  ahead = new Date(clock.now) - Date.now();
  const { aheadSeconds } = clock;
  $("ahead").textContent =
    aheadSeconds === 0
      ? "The same as the system's clock."
      : `${duration(aheadSeconds)} ahead of the system's clock.`;
  document.querySelector(".throttle").checked = throttle.limits !== "none";
  const active = faults.rules.filter((rule) => !isSpent(rule));
  for (const input of document.querySelectorAll(".fault")) {
    input.checked = active.some(({ rule }) => withoutFrequency(rule) === input.dataset.rule);
  }
  showRules(faults.rules);
  const { length } = faults.script;
  const script = `A script comes first: ${length} ${length === 1 ? "fault" : "faults"}.`;
  $("script").textContent = length === 0 ? "" : script;
  tick();
});

function duration(seconds) {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  return parts.filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ");
}

// The elements stay while the rules do: one of them may have the focus.
function showRules(rules) {
  const list = $("rules");
  const shown = [...list.querySelectorAll("code")].map((code) => code.textContent);
  if (JSON.stringify(shown) !== JSON.stringify(rules.map(({ rule }) => visible(rule)))) {
    list.replaceChildren(...rules.map(ruleOf));
  }
  rules.forEach((active, index) => {
    const { struck } = active;
    const text = `struck ${struck} ${struck === 1 ? "request" : "requests"}`;
    const about = list.children[index].querySelector('[data-field="struck"]');
    about.textContent = isSpent(active) ? `${text}, spent` : text;
  });
}

function ruleOf({ rule }) {
  const made = stamp("active-rule", { rule });
  made.querySelector("button").addEventListener("click", () => removeRule(rule));
  return made;
}

function removeRule(rule) {
  return change("DELETE", `faults?rule=${encodeURIComponent(rule)}`);
}

async function turnFault(input) {
  const { rule } = input.dataset;
  if (input.checked) return change("POST", "faults", $("frequency").value + rule);
  const { rules } = await get("faults");
  const same = rules.filter((active) => withoutFrequency(active.rule) === rule);
  await Promise.all(same.map((active) => removeRule(active.rule)));
}

$("controls").addEventListener("click", ({ target }) => {
  if ("step" in target.dataset) change("POST", "clock", target.dataset.step);
});
$("controls").addEventListener("change", ({ target }) => {
  if (target.matches(".fault")) turnFault(target);
  if (target.matches(".throttle")) change("POST", "throttle", target.checked ? "graph" : "none");
});
$("rule-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await change("POST", "faults", $("rule").value)) $("rule").value = "";
});
$("reset").addEventListener("click", () => $("confirmation").showModal());
$("confirm").addEventListener("click", async () => {
  $("confirmation").close();
  await change("POST", "reset");
});

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    const source = $(button.dataset.copies);
    getSelection().selectAllChildren(source);
    // Over plain HTTP to another machine there is no clipboard: the text stays selected.
    await navigator.clipboard?.writeText(source.textContent);
    button.textContent = navigator.clipboard ? "Copied" : "Selected";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

// Events

function refreshAll() {
  refreshRequests();
  refreshCounts();
  refreshPhotos();
  refreshControls();
}

function showConnection(isLive) {
  $("connection").textContent = isLive ? "Live" : "Not connected; trying again …";
  $("connection").classList.toggle("live", isLive);
}

const events = new EventSource(`${CONTROL}events`);
events.addEventListener("open", () => {
  showConnection(true);
  refreshAll();
});
events.addEventListener("error", () => showConnection(false));
events.addEventListener("change", refreshAll);
events.addEventListener("reload", refreshAll);
events.addEventListener("request", ({ data }) => {
  const request = JSON.parse(data);
  arrive(request);
  refreshCounts();
  if (request.outcome === "stored") refreshPhotos();
  if (request.outcome === "fault") refreshControls();
});

setInterval(tick, 1000);
