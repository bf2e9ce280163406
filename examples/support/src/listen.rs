//! The option `--listen ADDR`, which every example that serves has.

/// Returns the address. By default it is 127.0.0.1:3000.
pub fn address(mut arguments: impl Iterator<Item = String>) -> Result<String, &'static str> {
    const USAGE: &str = "usage: [--listen ADDR:PORT]";
    let address = match arguments.next().as_deref() {
        None => "127.0.0.1:3000".to_owned(),
        Some("--listen") => arguments.next().ok_or(USAGE)?,
        Some(_) => return Err(USAGE),
    };
    arguments.next().map_or(Ok(address), |_| Err(USAGE))
}
