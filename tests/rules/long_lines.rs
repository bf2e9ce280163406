//! Lines that are long enough to be searched.

use tower_conditional::Rules;

use crate::{GZIP, PROXIES, SPLIT, UNQUOTED, WEAKENED, revalidates, writes};

// Lines from some length on are searched for the tag, and shorter ones are walked over. Both must
// find the same members.
#[test]
fn a_long_line_matches_as_each_of_its_members_does() {
    const READ_HALF: &str = "0f343b0931126a20";
    const WRITE_HALF: &str = "f133d67c2b018a3b";
    const ALL: Rules = PROXIES
        .split_tags('-')
        .unquoted_tags(true)
        .weak_if_match(true);
    const MANY: Rules =
        ALL.coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip", "-a", "-ab", "-x-"]);

    let current = format!("\"{READ_HALF}-{WRITE_HALF}\"");
    let tag = &current[1..current.len() - 1];
    let members = [
        format!("\"{tag}\""),
        format!("W/\"{tag}\""),
        format!("W/W/\"{tag}\""),
        format!("\"{tag}-gzip\""),
        format!("\"{tag}\"-gzip"),
        format!("\"{tag}-ab\"-x-"),
        format!("\"{tag}-gzi\""),
        format!("\"{tag} \""),
        format!("\" {tag}\""),
        format!("\"{tag}\" x"),
        format!("x\"{tag}\""),
        format!("\"a,{tag}\""),
        format!("\"other-{WRITE_HALF}\""),
        format!("\"other-{WRITE_HALF}-br\""),
        format!("\"other-{WRITE_HALF}x\""),
        format!("\"other-x-{WRITE_HALF}\""),
        format!("\"ot her-{WRITE_HALF}\""),
        format!("\"ot,her-{WRITE_HALF}\""),
        format!("\"-{WRITE_HALF}\""),
        format!("\"{WRITE_HALF}\""),
        tag.to_owned(),
        format!("W/{tag}"),
        format!("{tag}-gzip"),
        format!("other-{WRITE_HALF}"),
        format!("\"{tag}"),
        format!("{tag}\""),
        format!("\"{tag}\"\"{tag}\""),
    ];
    let fillers = [
        "a,",
        ", ",
        "\"a\",",
        "\"a,b\", ",
        "x\"y,z\"w,",
        "\"0000000000000000-0000000000000000\", ",
        "\"0f343b0931126a20-f133d67c2b018a3c\",",
        "0f343b0931126a20-f133d67c2b018a3c,",
        "\"f133d67c2b018a3b,\",",
        // These contain what is searched for, and do not match.
        "\"0f343b0931126a20-f133d67c2b018a3b-gzi\",",
        "\"other-f133d67c2b018a3b-gzi\", ",
        // These look like it in so many places that the search gives up.
        "\"0f343b0931126a20-f133d67c2b018b3b\", ",
        "\"0f343b0931126a20-ffffffffffffffff3bbbbbbbbbbbbbbbb\", ",
    ];
    for rules in [GZIP, PROXIES, SPLIT, UNQUOTED, WEAKENED, ALL, MANY] {
        for verb in [writes, revalidates] {
            for member in &members {
                let alone = verb(member, &current, rules);
                for filler in fillers {
                    let filler = filler.repeat(1_000 / filler.len());
                    for line in [
                        format!("{filler}{member}"),
                        format!("{filler} {member} ,{filler}"),
                        format!("{member},{filler}"),
                    ] {
                        // A quote that is never closed reaches to the end of the line.
                        if member.matches('"').count() % 2 == 0 || line.ends_with(member) {
                            assert_eq!(verb(&line, &current, rules), alone, "{member} in {line}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_hostile_line_is_searched_as_it_is_walked_over() {
    let current = "\"0f343b0931126a20f133d67c2b018a3b\"";
    for (before, found) in [
        ("a, ", true),
        ("\"a\", ", true),
        ("\"a\" x, ", true),
        ("x\"y,z\"w, ", true),
        ("\"a\" ", false),
        ("\"a\" x ", false),
        ("a, \"b\" ", false),
        ("a,\"", false),
        ("a\",", false),
        ("a\",\",", true),
        ("W/", true),
        ("a,w/", false),
        ("a, W/W/", false),
        ("a,b ", false),
    ] {
        for after in ["", ",", " ,b", " , \"c\""] {
            let line = format!("{before}{current}{after}");
            assert_eq!(revalidates(&line, current, Rules::RFC9110), found, "{line}");
            assert!(
                !revalidates(&format!("{line} x"), current, Rules::RFC9110) || !after.is_empty()
            );
        }
    }
}

// The search looks at two bytes of what it searches for before it looks at the others. It gives up
// where both are often the same, but the line is searched nevertheless.
#[test]
fn lookalikes_hide_no_member() {
    let current = "\"0f343b0931126a20f133d67c2b018a3b\"";
    let lookalike = "\"0f343b0931126a2XX133d67c2b018a3b\", ";
    let other = "\"cccccccccccccccccccccccccccccccc\", ";
    for others in [0, 1, 10, 40] {
        for lookalikes in 0..20 {
            let before = format!("{}{lookalike}", other.repeat(others)).repeat(lookalikes);
            for (member, by_rfc, by_suffix) in [
                (current, true, true),
                ("\"0f343b0931126a20f133d67c2b018a3b-gzip\"", false, true),
                ("\"0f343b0931126a20f133d67c2b018a3c\"", false, false),
                ("\"0f343b0931126a20f133d67c2b018a3b-gzi\"", false, false),
            ] {
                for line in [
                    format!("{before}{member}"),
                    format!("{before}{member}, {}", other.repeat(40)),
                ] {
                    for (rules, found) in [(Rules::RFC9110, by_rfc), (GZIP, by_suffix)] {
                        assert_eq!(revalidates(&line, current, rules), found, "{line}");
                    }
                }
            }
        }
    }
}

// Whether the member matches that was found may need an automaton.
#[test]
fn a_member_with_many_suffixes_is_found() {
    let current = "\"0f343b0931126a20\"";
    let other = "\"0f343b0931126a21\", ";
    for lookalikes in [0, 1, 4, 5, 40] {
        for suffixes in [1, 10, 100, 1_000] {
            let suffixes = "-gzip".repeat(suffixes);
            let before = "\"0f343b0931126a20-gzi\", ".repeat(lookalikes) + &other.repeat(40);
            for (member, found) in [
                (format!("\"0f343b0931126a20{suffixes}\""), true),
                (format!("\"0f343b0931126a20\"{suffixes}"), true),
                (format!("\"0f343b0931126a20{suffixes}-gzi\""), false),
                (format!("\"0f343b0931126a21{suffixes}\""), false),
            ] {
                for line in [
                    format!("{before}{member}"),
                    format!("{before}{member}, {other}"),
                    format!("{member}, {before}"),
                ] {
                    assert_eq!(writes(&line, current, GZIP), found, "{line}");
                    assert_eq!(revalidates(&line, current, GZIP), found, "{line}");
                }
            }
        }
    }
}

// The quote that closes a candidate can open the member.
#[test]
fn a_member_may_begin_where_a_candidate_ends() {
    let current = "\"0f343b0931126a20,\"";
    let opaque = &current[1..];
    for (line, found) in [
        (format!("\"b{current}{opaque}"), true),
        (format!("\"b{current}{opaque}{opaque}"), false),
        (format!("{current}{opaque}"), false),
    ] {
        for filler in ["", ", a", ", \"b\""] {
            let line = format!("{line}{}", filler.repeat(200));
            assert_eq!(revalidates(&line, current, Rules::RFC9110), found, "{line}");
        }
    }
}

// What is searched for begins with the comma that ends another member.
#[test]
fn a_tag_may_begin_with_a_comma() {
    let current = "\",0f343b0931126a20\"";
    let other = "x,0f343b0931126a20, ";
    for (member, found) in [
        (current, true),
        ("\",0f343b0931126a20-gzip\"", true),
        ("\",0f343b0931126a20-br\"", false),
        ("y", false),
    ] {
        for rules in [GZIP, GZIP.unquoted_tags(true)] {
            let line = format!("{}{member}", other.repeat(40));
            assert_eq!(revalidates(&line, current, rules), found, "{line}");
        }
    }
}

#[test]
fn any_number_of_commas_ends_a_malformed_member() {
    for malformed in 1..50 {
        for commas in 1..50 {
            let line = format!("{}{}\"x\"", "y".repeat(malformed), ",".repeat(commas));
            assert!(revalidates(&line, "\"x\"", Rules::RFC9110), "{line}");
        }
    }
}
