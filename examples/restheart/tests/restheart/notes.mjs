// The notes controller of RESTHeart's page in plain script: `node notes.mjs URL`.
//
// `updateNote` is as the page has it. What AngularJS and Restangular give it is here in a few lines: a list of elements
// with put(), by the routes and the names of extended JSON.

import assert from "node:assert/strict";

const service = process.argv[2];

const angular = { isUndefined: (value) => value === undefined };

/** An HTTP error, as Restangular rejects its promises. */
class Rejected extends Error {
    constructor(response, data) {
        super(`${response.status} ${response.statusText}`);
        this.status = response.status;
        this.etag = response.headers.get("etag");
        this.data = data;
    }
}

async function request(method, path, content, headers = {}) {
    const response = await fetch(service + path, {
        method,
        headers: { Accept: "application/hal+json", "Content-Type": "application/json", ...headers },
        body: content === undefined ? undefined : JSON.stringify(content),
    });
    const text = await response.text();
    const data = text === "" ? null : JSON.parse(text);
    if (!response.ok) {
        throw new Rejected(response, data);
    }
    return { response, data };
}

/** An element knows where it is, and sends itself. */
function restangularize(collection, element) {
    const route = () => `${collection}/${element._id.$oid}`;
    const method = (value) => ({ value, enumerable: false });
    return Object.defineProperties(element, {
        put: method((_query, headers) => request("PUT", route(), element, headers)),
        remove: method((_query, headers) => request("DELETE", route(), undefined, headers)),
    });
}

function all(collection) {
    return {
        async getList(options) {
            const { data } = await request("GET", `${collection}?${new URLSearchParams(options)}`);
            const list = data._embedded["rh:doc"] ?? [];
            return Object.assign(list.map((element) => restangularize(collection, element)), {
                _size: data._size,
                _returned: data._returned,
            });
        },
        post: (element) => request("POST", collection, element),
    };
}

function NotesCtrl($scope) {
    var dirties = {};

    $scope.loadNotes = function (selectFirst) {
        return ($scope.loading = all("/test/notes").getList({ page: 1, pagesize: 50, count: true, sort_by: "-date" })
            .then(function (result) {
                $scope.notes = result;
                if (selectFirst) {
                    $scope.selected = $scope.notes[0];
                }
            }));
    };

    $scope.setDirty = function () {
        dirties[$scope.selected._id.$oid] = true;
    };

    $scope.isAnyDirty = function () {
        return Object.keys(dirties).length > 0;
    };

    // The page's, but for `return`: there AngularJS waits, and here the steps below do.
    $scope.updateNote = function () {
       if (angular.isUndefined($scope.selected)) {
          return;
       }
       $scope.selected.date = {"$date": Date.now() };
       return $scope.selected.put(null, {"If-Match": $scope.selected._etag.$oid}).then(function (res) {
          delete dirties[$scope.selected._id.$oid];
          return $scope.loadNotes(true);
       });
    };
    return $scope;
}

async function user() {
    const $scope = NotesCtrl({});
    await $scope.loadNotes(true);
    return $scope;
}

async function rejected(promise) {
    const error = await promise.then(() => assert.fail("expected a rejection"), (error) => error);
    if (!(error instanceof Rejected)) {
        throw error;
    }
    return error;
}

// A database, a collection, and three notes, whose ids the service makes.
await request("PUT", "/test", { descr: "a db for testing" });
await request("PUT", "/test/notes", { descr: "notes" });
for (const content of ["first", "second", "third"]) {
    const { response } = await all("/test/notes").post({ content, date: { $date: Date.now() - 1000 } });
    assert.equal(response.status, 201);
    assert.match(response.headers.get("location"), /^\/test\/notes\/[0-9a-f]{24}$/);
}

// Nothing is selected: nothing is sent.
assert.equal(NotesCtrl({}).updateNote(), undefined);

// Edit, and reload of all notes: the edited one is the newest now, and every tag is fresh.
const mine = await user();
assert.equal(mine.notes._size, 3);
assert.equal(mine.notes.length, 3);
mine.selected = mine.notes.find((note) => note.content === "first");
const { _id: { $oid: id }, _etag: { $oid: old } } = mine.selected;
mine.selected.content = "first, edited";
mine.setDirty();
await mine.updateNote();
assert.equal(mine.isAnyDirty(), false);
assert.equal(mine.selected.content, "first, edited");
assert.equal(mine.selected._id.$oid, id);
assert.notEqual(mine.selected._etag.$oid, old);
assert.equal(typeof mine.selected.date.$date, "number");

// The fresh tag lets the next edit through without another step.
mine.selected.content = "first, edited twice";
await mine.updateNote();

// A concurrent user.
const theirs = await user();
assert.equal(theirs.selected._id.$oid, id);
theirs.selected.content = "theirs";
mine.selected.content = "mine";
mine.setDirty();
await theirs.updateNote();
const refusal = await rejected(mine.updateNote());
assert.equal(refusal.status, 412);
assert.equal(refusal.etag, theirs.selected._etag.$oid);
assert.equal(refusal.data["http status code"], 412);
assert.equal(mine.isAnyDirty(), true, "the edit is still to be saved");
let { data } = await request("GET", `/test/notes/${id}`);
assert.equal(data.content, "theirs", "nothing was written");

// After a reload the edit passes.
await mine.loadNotes(true);
assert.equal(mine.selected.content, "theirs");
mine.selected.content = "theirs and mine";
await mine.updateNote();
({ data } = await request("GET", `/test/notes/${id}`));
assert.equal(data.content, "theirs and mine");
assert.equal(mine.notes.length, 3);

// A note is removed with its tag, and not with an old one.
await theirs.loadNotes(true);
const late = theirs.selected._etag.$oid;
await mine.updateNote();
assert.equal((await rejected(theirs.selected.remove(null, { "If-Match": late }))).status, 412);
await mine.selected.remove(null, { "If-Match": mine.selected._etag.$oid });
await mine.loadNotes();
assert.deepEqual(mine.notes.map((note) => note.content).sort(), ["second", "third"]);

console.log("all steps done");
