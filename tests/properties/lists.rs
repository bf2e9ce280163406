//! Lists of entity tags over several field lines, against a walk byte by byte.

use http::{
    HeaderMap, HeaderName, Method,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use proptest::{collection::vec, prelude::*, sample::select};
use tower_conditional::{
    CurrentState, Decision, EntityTag, Preconditions, Rules, Validators, etag::EntityTags,
};

use crate::{
    arbitrary::{comparison_rules, element, entity_tag, headers, line},
    config, naive,
};

fn fields(name: HeaderName, lines: &[Vec<u8>]) -> HeaderMap {
    headers(lines.iter().map(|line| (name.clone(), &line[..])))
}

/// Whether the field's list has the tag: If-Match is then true, If-None-Match false.
fn matches(name: HeaderName, lines: &[Vec<u8>], etag: Option<&EntityTag>, rules: &Rules) -> bool {
    let validators = etag.map_or(Validators::new(), |etag| etag.clone().into());
    let headers = fields(name.clone(), lines);
    let decision = Preconditions::new(&Method::PUT, &headers).evaluate(
        CurrentState::Present(&validators),
        rules,
        std::time::SystemTime::UNIX_EPOCH,
    );
    match decision {
        Decision::Perform(_) => name == IF_MATCH,
        Decision::PreconditionFailed(_) => name == IF_NONE_MATCH,
        _ => panic!("{decision:?}"),
    }
}

fn members(lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    EntityTags::new(fields(IF_MATCH, lines).get_all(IF_MATCH))
        .map(|tag| tag.to_entity_tag().as_bytes().to_vec())
        .collect()
}

fn slices(lines: &[Vec<u8>]) -> Vec<&[u8]> {
    lines.iter().map(Vec::as_slice).collect()
}

/// Elements, and after which of them a new field line begins.
fn elements_and_breaks() -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<bool>)> {
    (1_usize..9).prop_flat_map(|count| (vec(element(), count), vec(any::<bool>(), count)))
}

/// A tag, and a line of some 500 to 2,000 bytes that is made of it and of parts of it.
fn tag_and_long_line() -> impl Strategy<Value = (EntityTag, Vec<u8>)> {
    let opaque = vec(select(&b"ab,-"[..]), 0..40);
    (opaque, any::<bool>()).prop_flat_map(|(opaque, weak)| {
        let strong = EntityTag::strong(&opaque).expect("only etagc");
        let whole = strong.as_bytes().to_vec();
        let parts = vec![
            whole.clone(),
            whole[1..].to_vec(),
            whole[..whole.len() - 1].to_vec(),
            [b"W/", &whole[..]].concat(),
            [&whole[..], b"x"].concat(),
            [b"x", &whole[..]].concat(),
            opaque,
            b"\"".to_vec(),
            b" \t ".to_vec(),
            b",".to_vec(),
            vec![b','; 40],
            vec![b' '; 40],
            vec![b'a'; 70],
        ];
        // Commas are frequent, so that some parts become members.
        let part = prop_oneof![2 => select(parts), 1 => Just(b", ".to_vec())];
        let line = vec(part, 40..90).prop_map(|parts| parts.concat());
        let etag = if weak { strong.into_weak() } else { strong };
        (Just(etag), line)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_members_are_those_of_a_walk(lines in vec(line(), 1..5)) {
        let expected: Vec<Vec<u8>> = naive::elements(&slices(&lines))
            .into_iter()
            .filter(|element| naive::is_tag(element))
            .map(<[u8]>::to_vec)
            .collect();
        prop_assert_eq!(members(&lines), expected);
    }

    #[test]
    fn a_decision_is_that_of_a_walk(
        lines in vec(line(), 1..5),
        etag in prop::option::of(entity_tag()),
    ) {
        let (slices, bytes) = (slices(&lines), etag.as_ref().map(EntityTag::as_bytes));
        let if_match = matches(IF_MATCH, &lines, etag.as_ref(), &Rules::RFC9110);
        prop_assert_eq!(if_match, naive::strongly_match(&slices, bytes));
        let if_none_match = matches(IF_NONE_MATCH, &lines, etag.as_ref(), &Rules::RFC9110);
        prop_assert_eq!(if_none_match, naive::weakly_match(&slices, bytes));
    }

    /// Long lines are searched for the whole tag. Here they are full of what looks like it.
    #[test]
    fn a_decision_about_a_long_line_is_that_of_a_walk(
        (etag, line) in tag_and_long_line(),
    ) {
        let lines = [line];
        let (slices, bytes) = (slices(&lines), Some(etag.as_bytes()));
        let if_match = matches(IF_MATCH, &lines, Some(&etag), &Rules::RFC9110);
        prop_assert_eq!(if_match, naive::strongly_match(&slices, bytes));
        let if_none_match = matches(IF_NONE_MATCH, &lines, Some(&etag), &Rules::RFC9110);
        prop_assert_eq!(if_none_match, naive::weakly_match(&slices, bytes));
    }

    #[test]
    fn a_listed_tag_is_found_wherever_it_stands(
        before in vec(element(), 0..5),
        tag in entity_tag(),
        after in vec(element(), 0..5),
    ) {
        let line = [&before[..], &[tag.as_bytes().to_vec()], &after].concat().join(&b","[..]);
        let lines = [line];
        prop_assert!(matches(IF_NONE_MATCH, &lines, Some(&tag), &Rules::RFC9110));
        if !tag.is_weak() {
            prop_assert!(matches(IF_MATCH, &lines, Some(&tag), &Rules::RFC9110));
        }
    }

    #[test]
    fn one_line_or_several_is_the_same(
        (elements, breaks) in elements_and_breaks(),
        etag in entity_tag(),
        rules in comparison_rules(),
    ) {
        let one = [elements.join(&b","[..])];
        let mut several = vec![Vec::new()];
        for (element, ends) in elements.iter().zip(breaks) {
            several.last_mut().expect("a line").push(element.clone());
            if ends {
                several.push(Vec::new());
            }
        }
        let several: Vec<_> = several.iter().map(|line| line.join(&b", "[..])).collect();
        prop_assert_eq!(members(&one), members(&several));
        for name in [IF_MATCH, IF_NONE_MATCH] {
            let of_one = matches(name.clone(), &one, Some(&etag), &rules);
            prop_assert_eq!(of_one, matches(name, &several, Some(&etag), &rules));
        }
    }

    /// They tolerate: what RFC 9110 lets match still does.
    #[test]
    fn no_rule_takes_a_match_away(
        lines in vec(line(), 1..4),
        etag in prop::option::of(entity_tag()),
        rules in comparison_rules(),
    ) {
        for name in [IF_MATCH, IF_NONE_MATCH] {
            if matches(name.clone(), &lines, etag.as_ref(), &Rules::RFC9110) {
                prop_assert!(matches(name, &lines, etag.as_ref(), &rules));
            }
        }
    }
}
