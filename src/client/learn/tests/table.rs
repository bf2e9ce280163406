use super::*;

/// The rows of the table in the module docs, in the same order.
#[test]
fn table() {
    use Observation::*;
    let hold = Hold::new(FRESH, true);
    for (stored, before, seen, expected) in [
        ("json[A] html[B]", "", Get(json("B")), "json[B] html[B] ~3"),
        ("json[A] ~1", "", Get(json("B")), "json[B] ~1"),
        ("!1", "", Get(json("A")), "json[A] ~3"),
        ("!2", "!1", Get(json("")), "!2"),
        ("~2", "~1", Get(json("")), "~2"),
        ("~1", "", Get(json("")), "~1"),
        ("json[B]", "json[A]", Get(json("date")), "json[B]"),
        ("json[X]", "", Get(json("date")), "json[X]"),
        (
            "json[A] html[B] ~1",
            "json[A] ~1",
            Get(json("")),
            "html[B] ~1",
        ),
        ("json[A] ~1", "json[A] ~1", Get(json("date")), "json[date]"),
        ("~1", "~1", Get(json("")), ""),
        ("!1", "!1", Get(json("")), ""),
        (
            "html[B] json[A+X] ~1",
            "",
            Head(json("A")),
            "html[B] json[A+X] ~1",
        ),
        ("json[A+X] !1", "", Head(json("A")), "json[A+X] ~3"),
        ("json[A+X] ~1", "", Head(json("B")), "json[B] ~1"),
        ("!1", "", Head(json("A")), "json[A] ~3"),
        ("!1", "!1", Head(json("date")), "!1"),
        ("json[X]", "json[X]", Head(json("date")), "json[X]"),
        ("json[date]", "json[date]", Head(json("")), "json[date]"),
        ("html[B]", "", Head(json("date")), "json[date] html[B]"),
        (
            "html[B] json[A]",
            "",
            Body(json("A"), tag("X")),
            "html[B] json[A+X]",
        ),
        ("json[B]", "", Body(json("A"), tag("X")), "json[B]"),
        ("!1", "!1", Body(json("A"), tag("X")), "!1"),
        ("!2", "!1", Body(json(""), tag("X")), "!2"),
        ("json[B]", "json[A]", Body(json(""), tag("X")), "json[B]"),
        (
            "json[A] ~1",
            "json[A]",
            Body(json(""), tag("X")),
            "json[X] ~1",
        ),
        (
            "json[Y] ~2",
            "json[X] ~1",
            Body(json(""), tag("X")),
            "json[X] ~2",
        ),
        ("!1", "!1", Body(json(""), tag("X")), "json[X] ~3"),
        ("json[A+X] html[B]", "", Confirmed, "json[A+X] html[B]"),
        ("html[B] !1", "", Written(Some(json("A"))), "json[A] ~3"),
        ("json[A] html[B]", "", Written(None), "~3"),
        ("json[date]", "", Written(None), ""),
        ("~1", "", Written(None), "~3"),
        (
            "json[A] ~1",
            "json[A] ~1",
            Written(Some(json("date"))),
            "~3",
        ),
        ("!1", "!1", Written(None), "!1"),
        ("json[A] html[B] !2", "!1", Missing, "!2"),
        ("json[A] html[B] !1", "!1", Missing, ""),
        ("json[A] ~1", "", Missing, "~1"),
        ("json[A] ~1", "~1", Missing, ""),
        ("json[A] html[B] !1", "!1", Gone, "!1"),
        ("json[A] ~1", "~1", Gone, "~3"),
        ("json[date]", "", Gone, ""),
        ("json[A] html[B] !1", "!1", Rejected(hold), "!3"),
    ] {
        let new = learn(entry(stored), seen.clone(), &entry(before), FRESH);
        assert_eq!(text(&new), expected, "{stored:?}, {before:?}, {seen:?}");
    }
}
