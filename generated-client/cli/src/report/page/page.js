"use strict";
(() => {
  const ROW = parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10); // pixels
  const OVERSCAN = 6; // rows above and below those that are seen
  const SETTLED = 120; // milliseconds without scrolling after which photos are loaded

  const byId = (id) => document.getElementById(id);
  const [list, space, search, shown, details] = ["list", "space", "search", "shown", "details"].map(byId);
  const { folders, rows } = JSON.parse(byId("data").textContent);
  const count = new Intl.NumberFormat("en");
  const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

  const named = ([
    target, state, file, journal, reason, status, code, requestId, clientRequestId, attempts, bytes, time, thumbnail,
  ]) => ({
    target, state, file, journal, reason, status, code, requestId, clientRequestId, attempts, bytes, time, thumbnail,
  });

  // Shows invisible characters, and those that control the direction of text, as escapes.
  const visible = (text) =>
    String(text ?? "").replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
    );

  const when = (time) => {
    const date = new Date(time ?? "");
    return Number.isNaN(date.getTime()) ? visible(time) : clock.format(date);
  };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // The URL of a source's file for the browser.
  const fileUrl = ({ file, journal }) => {
    if (!file) return null;
    const isAbsolute = /^([/\\]|[a-z]:[/\\])/i.test(file);
    const windows = /^([a-z]:)?\\/i.test(isAbsolute ? file : folders[journal]);
    const path = isAbsolute ? file : `${folders[journal]}/${file}`;
    const parts = (windows ? path.replaceAll("\\", "/") : path).split("/");
    const encoded = parts.map((part) => (/^[a-z]:$/i.test(part) ? part : encodeURIComponent(part))).join("/");
    if (encoded.startsWith("//")) return `file:${encoded}`;
    return encoded.startsWith("/") ? `file://${encoded}` : `file:///${encoded}`;
  };

  const photoOf = (row) => row.thumbnail ?? fileUrl(row);

  // The last identifier of a target is the most specific.
  const nameOf = (target) => target.split("/").filter(Boolean).at(-1) ?? target;

  // The matching rows.
  let state = "";
  let matches = rows.map((_, index) => index);
  let texts = null;

  const searchable = () =>
    (texts ??= rows.map(([target, , file, , reason, status, code, requestId, clientRequestId]) =>
      [target, file, reason, status, code, requestId, clientRequestId].join("\n").toLowerCase(),
    ));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hasWords = (index) => words.every((word) => searchable()[index].includes(word));
    matches = [];
    rows.forEach((row, index) => {
      if ((!state || row[1] === state) && (!words.length || hasWords(index))) matches.push(index);
    });
    selected = 0;
    list.scrollTop = 0;
    layOut();
  };

  // A window of elements over the rows, reused as it moves.
  let pool = [];
  let selected = 0;

  const makeRow = () => {
    const parts = {
      photo: element("div", { className: "photo" }),
      target: element("div", { className: "target" }),
      state: element("div"),
      reason: element("div", { className: "reason" }),
      id: element("div", { className: "id" }),
      time: element("div", { className: "time" }),
    };
    Object.values(parts).forEach((part) => part.setAttribute("role", "gridcell"));
    const row = element("div", { className: "row" }, ...Object.values(parts));
    row.setAttribute("role", "row");
    row.addEventListener("click", () => {
      select(row.at);
      open();
    });
    return Object.assign(row, { parts, at: -1 });
  };

  const fill = (shell, at) => {
    const row = named(rows[matches[at]]);
    const { photo, target, state, reason, id, time } = shell.parts;
    shell.at = at;
    shell.id = `row-${at}`;
    shell.hidden = false;
    shell.style.transform = `translateY(${at * ROW}px)`;
    shell.setAttribute("aria-rowindex", at + 1);
    const name = visible(nameOf(row.target));
    photo.textContent = Array.from(name)[0] ?? "";
    shell.source = photoOf(row);
    if (row.thumbnail) load(shell);
    target.replaceChildren(name, element("small", { textContent: visible(row.target) }));
    target.title = visible(row.target);
    state.className = `state ${row.state.replace(/\W/g, "")}`;
    state.textContent = visible(row.state);
    reason.textContent = visible(row.reason);
    id.textContent = visible(row.requestId);
    time.textContent = when(row.time);
  };

  const load = (row) => {
    if (!row.source || row.hidden) return;
    const picture = element("img", { alt: "", decoding: "async", src: row.source });
    row.source = null;
    const { photo } = row.parts;
    // Drop a photo that arrives after its row was reused.
    picture.addEventListener("load", () => row.picture === picture && photo.replaceChildren(picture));
    row.picture = picture;
  };

  const mark = (row) => row.setAttribute("aria-selected", row.at === selected);

  let settling;
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - OVERSCAN);
    const last = Math.min(matches.length, first + pool.length);
    for (let at = first; at < first + pool.length; at += 1) {
      const row = pool[at % pool.length];
      if (at >= last) {
        row.hidden = true;
        row.at = -1;
      } else if (row.at !== at) {
        // Ends a load that is no longer needed.
        row.picture?.removeAttribute("src");
        row.picture = null;
        fill(row, at);
      }
      mark(row);
    }
    clearTimeout(settling);
    settling = setTimeout(() => pool.forEach(load), SETTLED);
  };

  // Lays out the list again after the matches or the window size have changed.
  const layOut = () => {
    const size = Math.ceil(list.clientHeight / ROW) + 2 * OVERSCAN;
    if (pool.length !== size) {
      pool = Array.from({ length: size }, makeRow);
      space.replaceChildren();
      list.querySelectorAll(".row").forEach((row) => row.remove());
      list.append(...pool);
    }
    pool.forEach((row) => (row.at = -1));
    space.style.height = `${matches.length * ROW}px`;
    list.setAttribute("aria-rowcount", matches.length);
    byId("empty").hidden = matches.length > 0;
    shown.textContent = `${count.format(matches.length)} of ${count.format(rows.length)}`;
    draw();
  };

  const select = (at) => {
    selected = Math.max(0, Math.min(matches.length - 1, at));
    const top = selected * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    draw();
    list.setAttribute("aria-activedescendant", `row-${selected}`);
  };

  // All details of the selected row.
  const open = () => {
    if (!matches.length) return;
    const row = named(rows[matches[selected]]);
    const facts = [
      ["State", row.state], ["Reason", row.reason], ["Status", row.status], ["Code", row.code], ["File", row.file],
      ["Bytes", row.bytes === null ? null : count.format(row.bytes)], ["Attempts", row.attempts],
      ["Request id", row.requestId], ["Client request id", row.clientRequestId],
      ["Time", row.time && `${when(row.time)} (${row.time})`],
    ].filter(([, value]) => value !== null && value !== "");
    const terms = facts.flatMap(([term, value]) => [
      element("dt", { textContent: term }), element("dd", { textContent: visible(value) }),
    ]);
    const picture = element("img", { alt: "" });
    // The file may be gone while the thumbnail is still available.
    const sources = [fileUrl(row), row.thumbnail].filter(Boolean);
    const next = () => (sources.length ? (picture.src = sources.shift()) : picture.remove());
    picture.addEventListener("error", next);
    const close = element("button", { type: "button", textContent: "Close" });
    close.addEventListener("click", () => details.close());
    details.replaceChildren(
      element("h2", { id: "details-title", textContent: visible(row.target) }), picture,
      element("dl", {}, ...terms), close,
    );
    next();
    details.showModal();
  };

  const press = (name) => {
    state = name;
    document.querySelectorAll("#states button").forEach((button) =>
      button.setAttribute("aria-pressed", button.dataset.state === name),
    );
  };

  document.querySelectorAll("header button").forEach((button) =>
    button.addEventListener("click", () => {
      press(button.dataset.state);
      search.value = button.dataset.search ?? search.value;
      filter();
    }),
  );

  const page = () => Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
  const moves = {
    ArrowDown: () => selected + 1,
    ArrowUp: () => selected - 1,
    PageDown: () => selected + page(),
    PageUp: () => selected - page(),
    Home: () => 0,
    End: () => matches.length - 1,
  };

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) select(moves[event.key]());
    else if (event.key === "Enter" || event.key === " ") open();
    else return;
    event.preventDefault();
  });

  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      filter();
      list.focus();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      list.focus();
      select(selected);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || details.open || document.activeElement === search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  let drawing = 0;
  list.addEventListener("scroll", () => {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      draw();
    });
  }, { passive: true });
  search.addEventListener("input", filter);
  new ResizeObserver(layOut).observe(list);
  document.querySelectorAll("header time").forEach((time) => (time.textContent = when(time.dateTime)));
  list.focus({ preventScroll: true });
})();
