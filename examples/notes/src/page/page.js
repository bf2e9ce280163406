// The client of the notes service: what it reads, it remembers with the entity tag, and each write
// names the tag of what it replaces. The page shows every exchange.
"use strict";

const $ = (id) => document.getElementById(id);
const [editor, creator, resolver] = [$("editor"), $("create"), $("resolve")];

// --- What this tab remembers, also over a reload ------------------------------------------------

// `known /notes/1`: {tag, note} as last received. `draft /notes/1`: {tag, base, note}, where `base`
// and its `tag` are what the unsaved note was made from.
const memory = new Map(Object.entries(sessionStorage).map(([key, text]) => [key, JSON.parse(text)]));

function remember(key, value) {
  memory.set(key, value);
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    sessionStorage.removeItem(key); // too large: until the next reload only
  }
}

function forget(key) {
  memory.delete(key);
  sessionStorage.removeItem(key);
}

// --- Requests -----------------------------------------------------------------------------------

/** Sends a request, shows it with its response, and returns the response with its content. */
async function exchange(method, path, fields = {}, note) {
  const lines = Object.entries(fields).map(([name, value]) => `\n${name}: ${value}`).join("");
  const entry = show(`${method} ${path}${lines}`);
  const headers = note ? { ...fields, "Content-Type": "application/json" } : fields;
  const body = note && JSON.stringify(note);
  try {
    // `no-store`: the page asks If-None-Match itself, so that it sees the 304.
    const response = await fetch(path, { method, headers, body, cache: "no-store" });
    const { status, statusText, ok } = response;
    const tag = response.headers.get("ETag");
    const text = await response.text();
    const content = text ? JSON.parse(text) : null;
    const why = content?.detail ?? EXPLAINED[status] ?? "";
    entry.finish(`${status} ${statusText}${tag ? `\nETag: ${tag}` : ""}`, why, ok || status === 304);
    return { status, ok, tag, content, why, location: response.headers.get("Location") };
  } catch (error) {
    entry.finish("no response", String(error), false);
    return { status: 0, ok: false, why: `There was no response: ${error}` };
  }
}

const EXPLAINED = {
  200: "This is the current version.",
  201: "The note is created.",
  204: "The note is deleted.",
  304: "Not changed since this tab read it: no content was sent.",
};

/** Adds an exchange to the list. */
function show(request) {
  const [item, sent, received, why] = ["li", "pre", "pre", "p"].map((name) => document.createElement(name));
  sent.textContent = request;
  item.append(sent);
  $("wire").prepend(item);
  while ($("wire").children.length > 30) $("wire").lastChild.remove();
  return {
    finish(response, explanation, good) {
      received.textContent = `→ ${response}`;
      why.textContent = explanation;
      item.classList.toggle("bad", !good);
      item.append(received, why);
    },
  };
}

/** Reads a resource, in full only if it has changed. Returns {tag, note}, or null if there is none. */
async function read(path) {
  const known = memory.get(`known ${path}`);
  const response = await exchange("GET", path, known ? { "If-None-Match": known.tag } : {});
  if (response.status === 304) return known;
  if (response.ok) return received(path, response);
  if (response.status === 404) forget(`known ${path}`);
  else say(response.why, true);
  return null;
}

function received(path, { tag, content }) {
  const current = { tag, note: content };
  remember(`known ${path}`, current);
  return current;
}

// --- The list and the editor --------------------------------------------------------------------

/** The path of the open note: the fragment of the URL is its id. */
const openPath = () => (/^#[1-9][0-9]*$/.test(location.hash) ? `/notes/${location.hash.slice(1)}` : null);

/** What the editor shows: {path, tag, base}. */
let editing = null;

function say(text, bad = false) {
  $("message").textContent = text;
  $("message").classList.toggle("bad", bad);
}

const noteIn = (form) => ({ title: form.elements.title.value, text: form.elements.text.value });

function fill(form, note) {
  form.elements.title.value = note.title;
  form.elements.text.value = note.text;
}

async function list() {
  const current = await read("/notes");
  if (!current) return;
  const items = current.note.map(({ id, title }) => {
    const [item, link] = ["li", "a"].map((name) => document.createElement(name));
    link.href = `#${id}`;
    link.textContent = `${id}: ${title || "(no title)"}`;
    if (`/notes/${id}` === openPath()) link.setAttribute("aria-current", "page");
    item.append(link);
    return item;
  });
  $("list").replaceChildren(...items);
}

/** Opens the note that the URL names. */
async function open() {
  const path = openPath();
  say("");
  close();
  const [current] = await Promise.all([path && read(path), list()]);
  if (path !== openPath()) return; // another one was opened meanwhile
  const draft = memory.get(`draft ${path}`);
  if (draft) {
    edit(path, { tag: draft.tag, note: draft.base }, draft.note);
    say(current?.tag === draft.tag
      ? "Your unsaved changes are here."
      : "Your unsaved changes are here. The note has changed since you began: saving will show both versions.");
  } else if (current) {
    edit(path, current, current.note);
  } else if (path) {
    say("There is no such note.", true);
  } else {
    say("Choose a note from the list.");
  }
}

function edit(path, { tag, note: base }, note) {
  editing = { path, tag, base };
  fill(editor, note);
  $("editor-title").textContent = `Note ${path.slice("/notes/".length)}`;
  $("base").textContent = tag;
  editor.hidden = false;
  $("conflict").hidden = true;
}

function close() {
  editing = null;
  conflict = null;
  editor.hidden = true;
  $("conflict").hidden = true;
}

/** Takes over what a successful write has returned. */
async function written(path, response, text) {
  forget(`draft ${path}`);
  const current = received(path, response);
  if (location.hash !== `#${path.slice("/notes/".length)}`) {
    history.pushState(null, "", `#${path.slice("/notes/".length)}`);
  }
  edit(path, current, current.note);
  say(text);
  await list();
}

// --- Writes -------------------------------------------------------------------------------------

async function save({ path, tag, base }, mine, guarded = true) {
  const response = await exchange("PUT", path, guarded ? { "If-Match": tag } : {}, mine);
  if (response.ok) return written(path, response, "Saved.");
  if (response.status !== 412) return say(response.why, true);
  const theirs = await read(path);
  return disagree({ kind: theirs ? "changed" : "deleted", path, tag, base, mine, theirs });
}

async function remove({ path, tag, base }) {
  const response = await exchange("DELETE", path, { "If-Match": tag });
  if (response.status === 412) {
    const theirs = await read(path);
    if (theirs) return disagree({ kind: "undeleted", path, tag, base, theirs });
  } else if (!response.ok) {
    return say(response.why, true);
  }
  for (const key of ["known", "draft"]) forget(`${key} ${path}`);
  close();
  history.pushState(null, "", "#");
  say(response.ok ? "Deleted." : "Somebody else has already deleted it.");
  return list();
}

/** Creates a note, under an id that nobody has used if one is named. */
async function create(path, mine) {
  const response = path
    ? await exchange("PUT", path, { "If-None-Match": "*" }, mine)
    : await exchange("POST", "/notes", {}, mine);
  if (response.ok) {
    creator.reset();
    return written(new URL(response.location, location).pathname, response, "Created.");
  }
  if (response.status !== 412) return say(response.why, true);
  return disagree({ kind: "taken", path, mine, theirs: await read(path) });
}

// --- Conflicts ----------------------------------------------------------------------------------

let conflict = null;

const KINDS = {
  changed: ["Somebody has changed this note", "Nothing is written. Save what should stay of both.", "Save the merge", "Take theirs"],
  deleted: ["Somebody has deleted this note", "Nothing is written. Yours is still here.", "Create it again", "Let it go"],
  undeleted: ["Somebody has changed the note that you delete", "It is still there. This is what it has become.", "Delete this version", "Keep it"],
  taken: ["There is already a note of this id", "It is not replaced. Yours is still here.", "Create it under a free id", "Open theirs"],
};

function disagree(what) {
  conflict = what;
  const { kind, tag, base, mine, theirs } = what;
  const [title, text, resolve, take] = KINDS[kind];
  say("");
  $("conflict-title").textContent = title;
  $("conflict-text").textContent = text;
  $("resolve-button").textContent = resolve;
  $("take-theirs").textContent = take;
  version($("mine"), tag, mine);
  version($("theirs"), theirs?.tag, theirs?.note);
  $("merge").hidden = kind !== "changed";
  if (kind === "changed") {
    const merged = (member) => merge(base[member], mine[member], theirs.note[member]);
    fill(resolver, { title: merged("title").replaceAll("\n", " / "), text: merged("text") });
  }
  editor.hidden = true;
  $("conflict").hidden = false;
  $("conflict-title").focus();
}

function version(section, tag, note) {
  const LONG = 20000;
  section.hidden = !note;
  if (!note) return;
  section.querySelector("small").hidden = !tag;
  section.querySelector("code").textContent = tag;
  section.querySelector("p").textContent = note.title.slice(0, LONG);
  const rest = note.text.length > LONG ? `… (${note.text.length} characters)` : "";
  section.querySelector("pre").textContent = note.text.slice(0, LONG) + rest;
}

function resolve() {
  const { kind, path, mine, theirs } = conflict;
  switch (kind) {
    case "changed":
      return save({ path, tag: theirs.tag, base: theirs.note }, noteIn(resolver));
    case "deleted":
      return create(path, mine);
    case "undeleted":
      return remove({ path, tag: theirs.tag, base: theirs.note });
    default:
      return create(null, mine);
  }
}

function takeTheirs() {
  const { path } = conflict;
  forget(`draft ${path}`);
  if (path === openPath()) return open();
  location.hash = path.slice("/notes/".length);
}

// --- Merging ------------------------------------------------------------------------------------

/** Merges line by line what two editors made of `base`. Where both changed it, it keeps both. */
function merge(base, mine, theirs) {
  const [b, m, t] = [base, mine, theirs].map((text) => text.split("\n"));
  const [inMine, inTheirs] = [common(b, m), common(b, t)];
  const same = (left, right) => left.length === right.length && left.every((line, at) => line === right[at]);
  let [merged, i, j, k] = [[], 0, 0, 0];
  for (;;) {
    // Up to the next line that both have kept.
    let next = i;
    while (next < b.length && !(inMine.has(next) && inTheirs.has(next))) next += 1;
    const [nextMine, nextTheirs] = [inMine.get(next) ?? m.length, inTheirs.get(next) ?? t.length];
    const [was, my, their] = [b.slice(i, next), m.slice(j, nextMine), t.slice(k, nextTheirs)];
    if (same(was, their)) merged = merged.concat(my);
    else if (same(was, my) || same(my, their)) merged = merged.concat(their);
    else merged = merged.concat(their, my);
    if (next === b.length) return merged.join("\n");
    merged.push(b[next]);
    [i, j, k] = [next + 1, nextMine + 1, nextTheirs + 1];
  }
}

/** Which line of `left` is which line of `right`: a longest common subsequence. */
function common(left, right) {
  const pairs = new Map();
  let [start, end] = [0, 0];
  while (start < left.length && start < right.length && left[start] === right[start]) pairs.set(start, start++);
  const [rows, columns] = [left.length - start, right.length - start];
  while (end < rows && end < columns && left.at(-1 - end) === right.at(-1 - end)) {
    end += 1;
    pairs.set(left.length - end, right.length - end);
  }
  const [height, width] = [rows - end, columns - end];
  if (height * width > 4e6) return pairs; // too much to compare: all that is between has changed
  const lengths = Array.from({ length: height + 1 }, () => new Uint32Array(width + 1));
  for (let i = height - 1; i >= 0; i -= 1) {
    for (let j = width - 1; j >= 0; j -= 1) {
      lengths[i][j] = left[start + i] === right[start + j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  for (let [i, j] = [0, 0]; i < height && j < width; ) {
    if (left[start + i] === right[start + j]) pairs.set(start + i++, start + j++);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

// --- Events -------------------------------------------------------------------------------------

function on(target, type, action) {
  target.addEventListener(type, (event) => {
    if (type === "submit") event.preventDefault();
    return action(event);
  });
}

on(editor, "submit", () => save(editing, noteIn(editor)));
on(editor, "input", () => remember(`draft ${editing.path}`, { tag: editing.tag, base: editing.base, note: noteIn(editor) }));
on($("unguarded"), "click", () => save(editing, noteIn(editor), false));
on($("delete"), "click", () => remove(editing));
on($("refresh"), "click", open);
on(creator, "submit", () => {
  const { id, title } = creator.elements;
  return create(id.value && `/notes/${id.value}`, { title: title.value, text: "" });
});
on(resolver, "submit", resolve);
on($("take-theirs"), "click", takeTheirs);
on(window, "popstate", open); // a link to a note, back, forward
on(window, "pageshow", (event) => event.persisted && open());
open();
