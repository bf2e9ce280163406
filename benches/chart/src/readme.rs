//! The tables in `benches/README.md`. Each stands between two comments with its name.

/// Returns the text with these tables, in place of those that it has.
///
/// # Errors
///
/// If a table has no place in the text.
pub(crate) fn with_tables(text: &str, tables: &[(&str, String)]) -> Result<String, String> {
    let mut text = text.to_owned();
    for (name, table) in tables {
        let (start, end) = (
            format!("<!-- {name} -->\n"),
            format!("<!-- end of {name} -->"),
        );
        let place = text.split_once(&start);
        let place = place.and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
        let (before, after) =
            place.ok_or_else(|| format!("README.md has no place for the table `{name}`"))?;
        text = format!("{before}{start}{table}{end}{after}");
    }
    Ok(text)
}

#[test]
fn a_table_replaces_what_is_in_its_place() {
    let table = ("costs", "| 2 |\n".to_owned());
    let text = "a\n<!-- costs -->\n| 1 |\n<!-- end of costs -->\nb\n";
    let replaced = with_tables(text, std::slice::from_ref(&table)).unwrap();
    assert_eq!(replaced, text.replace('1', "2"));
    assert!(with_tables("a\n<!-- costs -->\nb\n", &[table]).is_err());
}
