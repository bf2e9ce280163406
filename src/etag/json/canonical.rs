//! The canonical form, as a formatter for `serde_json`'s serializer.

use std::{
    cell::{Cell, RefCell},
    io,
    ops::Range,
};

use serde::Serialize;
use serde_json::{Serializer, Value, ser::Formatter};

use super::{error::invalid, number};

/// Decides whether the top-level field of this name is kept.
pub(super) type Keep<'a> = dyn Fn(&str) -> bool + 'a;

/// A reference to it is both the writer and the formatter of a [`Serializer`].
///
/// The members of an object are put in order when it ends. The formatter then has to read what the
/// serializer has written, so the two share one buffer.
pub(super) struct Canonical<'a> {
    keep: &'a Keep<'a>,
    has_fields: Cell<bool>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    output: Vec<u8>,
    /// The objects that have begun and not ended.
    open: Vec<Object>,
}

/// An object whose members have not been put in order.
struct Object {
    start: usize,
    /// The start of the member that has not ended.
    member: Option<usize>,
    key: String,
    /// The key, and where `"key":value` is in the output.
    members: Vec<(String, Range<usize>)>,
}

impl<'a> Canonical<'a> {
    pub(super) fn new(keep: &'a Keep<'a>) -> Self {
        Self {
            keep,
            has_fields: Cell::new(false),
            state: RefCell::default(),
        }
    }

    /// Declares that the outermost value is a struct or a map, whose keys are names of fields.
    pub(super) fn set_has_fields(&self) {
        self.has_fields.set(true);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.state.into_inner().output
    }
}

impl io::Write for &Canonical<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.state.borrow_mut().output.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Formatter for &Canonical<'_> {
    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        writer.write_all(number::float(value)?.as_bytes())
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number::float(value)?.as_bytes())
    }

    /// Called with the feature `arbitrary_precision` of `serde_json`.
    fn write_number_str<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        text: &str,
    ) -> io::Result<()> {
        writer.write_all(number::from_text(text)?.as_bytes())
    }

    /// Called with the feature `raw_value` of `serde_json`: the text is JSON, but not canonical.
    fn write_raw_fragment<W: ?Sized + io::Write>(
        &mut self,
        _writer: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let value: Value =
            serde_json::from_str(text).map_err(|_| invalid("a raw value is not JSON"))?;
        value.serialize(&mut Serializer::with_formatter(*self, *self))?;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        state.open.push(Object {
            start: state.output.len(),
            member: None,
            key: String::new(),
            members: Vec::new(),
        });
        Ok(())
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        _writer: &mut W,
        _first: bool,
    ) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        // serde_json has already ended an object whose `Serialize` announced no members.
        match state.open.last_mut() {
            Some(object) if object.member.is_none() => {
                object.member = Some(state.output.len());
                Ok(())
            }
            _ => Err(invalid("an object of length 0 has a member")),
        }
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        if let Some(object) = state.open.last_mut() {
            // The order is that of the keys without escapes.
            let start = object.member.unwrap_or_default();
            object.key = serde_json::from_slice(&state.output[start..])?;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        if let Some(object) = state.open.last_mut() {
            let start = object.member.take().unwrap_or_default();
            let key = std::mem::take(&mut object.key);
            object.members.push((key, start..state.output.len()));
        }
        Ok(())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        let Some(mut object) = state.open.pop() else {
            return Ok(());
        };
        // RFC 8785 section 3.2.3. The sort is stable: the last of equal keys stays the last.
        object
            .members
            .sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        // Only the outermost value starts where nothing has been written.
        let has_fields = self.has_fields.get() && object.start == 0;
        let mut sorted = vec![b'{'];
        for (i, (key, member)) in object.members.iter().enumerate() {
            let next = object.members.get(i + 1);
            if next.is_some_and(|(next, _)| next == key) || (has_fields && !(self.keep)(key)) {
                continue;
            }
            if sorted.len() > 1 {
                sorted.push(b',');
            }
            sorted.extend_from_slice(&state.output[member.clone()]);
        }
        sorted.push(b'}');
        state.output.truncate(object.start);
        state.output.append(&mut sorted);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut &Canonical<'_>, &mut Vec<u8>) -> io::Result<()>) -> String {
        let canonical = Canonical::new(&|_| true);
        let mut writer = Vec::new();
        match write(&mut &canonical, &mut writer) {
            Ok(()) => {
                writer.extend_from_slice(&canonical.into_bytes());
                String::from_utf8(writer).expect("UTF-8")
            }
            Err(error) => error.to_string(),
        }
    }

    /// serde_json calls this with its feature `arbitrary_precision`, which may be enabled anywhere.
    #[test]
    fn numbers_kept_as_text_are_written_as_without_the_feature() {
        const BEYOND: &str = "a number is beyond what a double can hold";
        for (text, canonical) in [
            ("1", "1"),
            ("1.0", "1"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("0.10", "0.1"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "18446744073709552000"),
            ("1E400", BEYOND),
            ("-1E400", BEYOND),
        ] {
            let number = written(|formatter, writer| formatter.write_number_str(writer, text));
            assert_eq!(number, canonical);
        }
    }

    /// serde_json calls this with its feature `raw_value`.
    #[test]
    fn raw_values_are_read_and_written_anew() {
        for (text, canonical) in [
            (" {\"b\": 1.0, \"a\": [ ]} ", r#"{"a":[],"b":1}"#),
            ("{", "a raw value is not JSON"),
        ] {
            let value = written(|formatter, writer| formatter.write_raw_fragment(writer, text));
            assert_eq!(value, canonical);
        }
    }
}
