//! The rooms of the house, and the arrows between them, which point down: no module of `src`
//! imports from one above it, or through the root of the crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From the ground up. A room is a folder or a file of `src`.
const ROOMS: [&str; 16] = [
    "macros",
    "fields",
    "target",
    "date",
    "etag",
    "precondition",
    "source",
    "refusal",
    "lock",
    "server",
    "tagging",
    "coding",
    "drain",
    "client",
    "axum",
    "guide",
];

/// Reports whether a room that is below is closed nevertheless.
fn is_closed(from: &str, path: &[String]) -> bool {
    let to = path[0].as_str();
    match from {
        // Usable without the layer.
        "tagging" | "coding" => {
            !matches!(to, "macros" | "fields" | "date" | "etag" | "precondition")
        }
        "drain" => !matches!(to, "macros" | "fields"),
        "lock" => !matches!(to, "macros" | "fields" | "target"),
        // The other side of the wire.
        "client" => match to {
            "macros" | "fields" | "date" | "etag" => false,
            "precondition" => path.get(1).map_or(true, |name| name != "Field"),
            _ => true,
        },
        _ => false,
    }
}

/// Returns the imports of this file that are not allowed.
fn faults(file: &str, code: &str) -> Vec<String> {
    let room = file.split(['/', '.']).next().unwrap();
    if room == "lib" {
        return Vec::new();
    }
    let floor = |room: &str| ROOMS.iter().position(|known| *known == room);
    let Some(from) = floor(room) else {
        return vec![format!("{file}: no floor is known for the room {room}")];
    };
    let depth = file.trim_end_matches("/mod.rs").split('/').count();
    let mut faults = Vec::new();
    for path in paths(code, depth) {
        let shown = path.join("::");
        match floor(&path[0]) {
            None => faults.push(format!("{file}: crate::{shown} is the root's")),
            Some(to) if to == from => {}
            Some(to) if to > from || is_closed(room, &path) => {
                faults.push(format!("{file}: {room} must not know of {shown}"));
            }
            Some(_) => {}
        }
    }
    faults
}

/// All paths that begin at the crate's root, in imports and elsewhere; not those in comments.
fn paths(code: &str, depth: usize) -> Vec<Vec<String>> {
    let code: String = code
        .lines()
        .map(|line| line.split("//").next().unwrap().to_owned() + "\n")
        .collect();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let root = "super::".repeat(depth);
    let mut paths = Vec::new();
    for start in ["crate::", &root] {
        for (at, _) in code.match_indices(start) {
            let before = &code[..at];
            if before.ends_with(is_name) || before.ends_with("super::") {
                continue;
            }
            let mut found = Vec::new();
            tree(&code[at + start.len()..], &mut Vec::new(), &mut found);
            // Inside of a module within a file, `super` is that file.
            found.retain(|path| start == "crate::" || ROOMS.contains(&path[0].as_str()));
            paths.extend(found);
        }
    }
    paths
}

/// Reads `a::{b, c::d}` as `a::b` and `a::c::d`; what follows it.
fn tree<'a>(code: &'a str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if let Some(rest) = rest.strip_prefix('}') {
                return rest;
            }
            rest = tree(rest, &mut path.clone(), found);
            // `as` and another name.
            rest = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
            if rest.is_empty() {
                return rest;
            }
        }
    }
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (name, rest) = code.split_at(end.unwrap_or(code.len()).max(1));
    path.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(rest) if !rest.starts_with('<') => tree(rest, path, found),
        _ => {
            found.push(path.clone());
            rest
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn arrows_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in files(&src) {
        let file = path.strip_prefix(&src).unwrap();
        let file = file.to_str().unwrap().replace('\\', "/");
        found.extend(faults(&file, &fs::read_to_string(&path).unwrap()));
    }
    found.sort();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_wrong_arrow_is_found() {
    for (file, code) in [
        ("etag/list.rs", "use crate::precondition::Rules;"),
        ("date.rs", "use crate::{fields::one, source::Selected};"),
        ("date.rs", "fn f(_: crate::etag::EntityTag) {}"),
        ("date.rs", "use super::etag::EntityTag;"),
        ("server/layer.rs", "use super::super::axum::Guarded;"),
        ("server/mod.rs", "use crate::EntityTag;"),
        (
            "server/mod.rs",
            "use crate::{date::{self}, EntityTag as Tag};",
        ),
        ("server/mod.rs", "use crate::*;"),
        ("server/mod.rs", "$crate::event!();"),
        ("tagging/layer.rs", "use crate::server::Outcome;"),
        ("drain/future.rs", "use crate::etag::EntityTag;"),
        ("tagging/layer.rs", "use crate::source::Selected;"),
        ("lock/keyed.rs", "use crate::source::Selected;"),
        (
            "coding/layer.rs",
            "use crate::{\n    server::{\n        Outcome,\n    },\n};",
        ),
        (
            "client/learn.rs",
            "use crate::precondition::{Field, Rules};",
        ),
        (
            "client/learn.rs",
            "use crate::{etag::EntityTag, source::Selected};",
        ),
        ("cellar.rs", ""),
    ] {
        assert_eq!(faults(file, code).len(), 1, "{file}: {code}");
    }
}

#[test]
fn a_right_arrow_is_not() {
    for (file, code) in [
        ("lib.rs", "pub use crate::server::ConditionalLayer;"),
        (
            "etag/list.rs",
            "/// See [`crate::ConditionalLayer`].\nuse super::EntityTag; // crate::Rules",
        ),
        (
            "etag/list.rs",
            "use crate::{etag::{self, EntityTag}, fields::one as single};",
        ),
        (
            "server/layer.rs",
            "use crate::{refusal as _, server::Outcome};",
        ),
        (
            "server/layer.rs",
            "pub(in crate::server) fn f() { subcrate::G; mycrate::h() }",
        ),
        (
            "server/layer.rs",
            "use crate::source::{Selected, by_head::{ByHead, Key}};",
        ),
        ("date.rs", "mod tests { use super::HttpDate; }"),
        (
            "client/learn.rs",
            "use crate::{date::HttpDate, precondition::Field};",
        ),
        ("axum.rs", "use crate::{client::Guard, server::Outcome};"),
    ] {
        assert_eq!(faults(file, code), [""; 0], "{file}: {code}");
    }
}
