//! One form for all names of a resource (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2).

use std::fmt;

use http::{HeaderValue, Uri, uri::PathAndQuery};

/// Returns the URI in its normal form, or as it is if that form is not a URI.
///
/// Scheme and host are in lower case, the default port is left out, an empty path is `/`, dot
/// segments are removed, and percent-encoded unreserved characters are decoded.
pub(in crate::client) fn normalized(uri: &Uri) -> Uri {
    if is_normal(uri) {
        return uri.clone();
    }
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        // An authority alone is the target of CONNECT, which is not kept.
        return match uri.path_and_query() {
            Some(_) if uri.authority().is_none() => parsed(path_and_query(uri), uri),
            _ => uri.clone(),
        };
    };
    let scheme = scheme.to_ascii_lowercase();
    let (userinfo, host_and_port) = split_userinfo(authority.as_str());
    let mut text = format!("{scheme}://{userinfo}");
    text.push_str(&host(host_and_port, default_port(&scheme)));
    text.push_str(&path_and_query(uri));
    parsed(text, uri)
}

/// Returns the value of `Host` in its normal form. The scheme is not known, so the default ports of
/// both http and https are left out.
pub(super) fn normalized_host(value: &HeaderValue) -> HeaderValue {
    if is_plain_host(value.as_bytes()) {
        return value.clone();
    }
    let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
        return value.clone();
    };
    let text = text.trim_matches(|c| c == ' ' || c == '\t');
    let normal = host(&host(text, Some(":80")), Some(":443"));
    HeaderValue::from_str(&normal).unwrap_or_else(|_| value.clone())
}

/// Reports whether the URI certainly is in its normal form. Most are, and then nothing is built.
fn is_normal(uri: &Uri) -> bool {
    let authority = match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(authority)) => is_plain_host(authority.as_str().as_bytes()),
        (None, None) => true,
        _ => false,
    };
    let target = uri.path_and_query().map_or("", PathAndQuery::as_str);
    // A dot segment begins with `/.`. Few other segments do, and then the slow way is right as well.
    let dots = || uri.path().as_bytes().windows(2).any(|pair| pair == b"/.");
    authority && target.starts_with('/') && !target.bytes().any(|b| b == b'%') && !dots()
}

/// Reports whether it is a name in lower case, without a port and without userinfo.
fn is_plain_host(host: &[u8]) -> bool {
    let plain = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    !host.is_empty() && host.iter().all(plain)
}

fn parsed(text: String, uri: &Uri) -> Uri {
    if *uri == *text {
        return uri.clone();
    }
    text.parse().unwrap_or_else(|_| uri.clone())
}

fn default_port(scheme: &str) -> Option<&'static str> {
    match scheme {
        "http" => Some(":80"),
        "https" => Some(":443"),
        _ => None,
    }
}

/// Splits an authority behind the `@`, if it has one.
fn split_userinfo(authority: &str) -> (&str, &str) {
    authority.split_at(authority.rfind('@').map_or(0, |at| at + 1))
}

fn host(text: &str, default_port: Option<&str>) -> String {
    let text = text.strip_suffix(':').unwrap_or(text);
    let host = default_port.and_then(|port| text.strip_suffix(port));
    // The last group of an IPv6 address is no port.
    let host = host.filter(|host| !host.contains(':') || host.ends_with(']'));
    host.unwrap_or(text).to_ascii_lowercase()
}

fn path_and_query(uri: &Uri) -> String {
    let mut text = match uri.path() {
        "*" => "*".to_owned(),
        path => without_dots(&decoded(path)),
    };
    if let Some(query) = uri.query() {
        text.push('?');
        text.push_str(&decoded(query));
    }
    text
}

/// Decodes unreserved characters, and writes all other encoded ones with capital letters.
fn decoded(text: &str) -> String {
    let mut rest = text;
    let mut decoded = String::with_capacity(text.len());
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let encoded = rest.get(at + 1..at + 3).and_then(|digits| {
            let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
            u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)
        });
        let Some(byte) = encoded else {
            decoded.push('%');
            rest = &rest[at + 1..];
            continue;
        };
        match byte {
            b'-' | b'.' | b'_' | b'~' => decoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => decoded.push(char::from(byte)),
            _ => decoded.push_str(&format!("%{byte:02X}")),
        }
        rest = &rest[at + 3..];
    }
    decoded.push_str(rest);
    decoded
}

/// Removes `.` and `..` segments (RFC 3986 section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Prints a URI without the password that may be in it.
pub(super) struct WithoutUserinfo<'a>(pub(super) &'a Uri);

impl fmt::Debug for WithoutUserinfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(authority) = self.0.authority() else {
            return self.0.fmt(f);
        };
        if let Some(scheme) = self.0.scheme_str() {
            write!(f, "{scheme}://")?;
        }
        f.write_str(split_userinfo(authority.as_str()).1)?;
        self.0.path_and_query().map_or(Ok(()), |path| path.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_resource_have_one_form() {
        for (names, normal) in [
            (
                &[
                    "http://h/doc",
                    "HTTP://H:80/doc",
                    "http://h:/doc",
                    "http://h/%64oc",
                    "http://h/x/../doc",
                    "http://h/./d%6Fc",
                ][..],
                "http://h/doc",
            ),
            (&["https://h:443", "https://h/"], "https://h/"),
            (&["http://h?%7e=%3d", "http://h/?~=%3D"], "http://h/?~=%3D"),
            (&["http://[::80]/", "http://[::80]:80/"], "http://[::80]/"),
            (&["http://u:P@H:80/", "http://u:P@h"], "http://u:P@h/"),
            (&["/%64oc", "/./doc"], "/doc"),
            (
                &["http://h/..", "http://h/a/..", "http://h/a/b/../.."],
                "http://h/",
            ),
            (&["http://h/a/.", "http://h/a/b/.."], "http://h/a/"),
        ] {
            for name in names {
                let uri = normalized(&name.parse().unwrap());
                assert_eq!(uri.to_string(), normal, "{name}");
                assert_eq!(normalized(&uri), uri, "{name}");
            }
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for names in [
            ["http://h/doc", "https://h/doc"],
            ["http://h/doc", "http://h:443/doc"],
            ["https://h/doc", "https://h:80/doc"],
            ["http://h/doc", "http://h/Doc"],
            ["http://h/doc", "http://h/doc/"],
            ["http://h/doc", "http://h/doc?"],
            ["http://h/a/b", "http://h/a%2Fb"],
            ["http://h/a//b", "http://h/a/b"],
            ["http://h/%2525", "http://h/%25"],
            ["http://h/?a=b%26c", "http://h/?a=b&c"],
            ["http://[::80]/", "http://[::]/"],
            ["*", "/*"],
        ] {
            let [one, other] = names.map(|name| normalized(&name.parse().unwrap()));
            assert_ne!(one.to_string(), other.to_string());
        }
    }

    #[test]
    fn what_is_no_uri_in_the_normal_form_stays() {
        for name in ["h:80", "http://h/%", "http://h/%zz", "http://h/%+1", "/a%4"] {
            let uri: Uri = name.parse().unwrap();
            assert_eq!(normalized(&uri), uri);
        }
    }

    #[test]
    fn host_fields() {
        for (value, normal) in [
            ("H", "h"),
            ("h:80", "h"),
            ("h:443", "h"),
            ("h:", "h"),
            (" h ", "h"),
            ("h:8080", "h:8080"),
            ("[::80]", "[::80]"),
            ("[::1]:80", "[::1]"),
        ] {
            let value = HeaderValue::from_static(value);
            assert_eq!(normalized_host(&value), normal, "{value:?}");
        }
        let value = HeaderValue::from_bytes(b"\xff").unwrap();
        assert_eq!(normalized_host(&value), value);
    }
}
