//! A serializer whose output is canonical JSON (RFC 8785), piece by piece.
//!
//! It is not built on `serde_json::to_value`, whose outcome depends on features that any other crate
//! may switch on: `preserve_order` for the order of keys, `arbitrary_precision` for `f32`, `i128` and
//! `u128`.

use serde::ser::{Serialize, SerializeTuple, Serializer};

use super::{
    compound::{Array, Object, Struct},
    error::Kind,
    number,
};

/// Takes the output, a piece at a time.
pub(super) type Write<'a> = dyn FnMut(&[u8]) + 'a;

/// Tells which fields of the object are written.
pub(super) type Keep<'a> = dyn Fn(&str) -> bool + 'a;

/// Below the top level nothing is ignored.
pub(super) fn keep_all(_: &str) -> bool {
    true
}

pub(super) struct Canonical<'a> {
    pub(super) write: &'a mut Write<'a>,
    pub(super) keep: &'a Keep<'a>,
}

impl<'a> Canonical<'a> {
    pub(super) fn new(write: &'a mut Write<'_>, keep: &'a Keep<'_>) -> Self {
        Self { write, keep }
    }

    /// The serializer of a value further down.
    pub(super) fn below(write: &'a mut Write<'_>) -> Self {
        Self::new(write, &keep_all)
    }

    fn text(self, json: &str) -> Result<(), Kind> {
        (self.write)(json.as_bytes());
        Ok(())
    }

    /// Opens the object whose only member is the variant's. The name of a variant is no field.
    fn open_variant(&mut self, variant: &str) {
        (self.write)(b"{");
        string(self.write, variant);
        (self.write)(b":");
    }
}

/// A string with no more escapes than JSON demands (RFC 8785 section 3.2.2.2).
pub(super) fn string(write: &mut Write<'_>, text: &str) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    write(b"\"");
    let bytes = text.as_bytes();
    let mut plain = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        let unicode;
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            0x08 => b"\\b",
            b'\t' => b"\\t",
            b'\n' => b"\\n",
            0x0C => b"\\f",
            b'\r' => b"\\r",
            0x00..=0x1F => {
                let (high, low) = (
                    DIGITS[usize::from(byte >> 4)],
                    DIGITS[usize::from(byte & 0xF)],
                );
                unicode = [b'\\', b'u', b'0', b'0', high, low];
                &unicode
            }
            _ => continue,
        };
        write(&bytes[plain..i]);
        write(escape);
        plain = i + 1;
    }
    write(&bytes[plain..]);
    write(b"\"");
}

macro_rules! integers {
    ($($method:ident($type:ty))*) => {$(
        fn $method(self, value: $type) -> Result<(), Kind> {
            self.text(&value.to_string())
        }
    )*};
}

macro_rules! floats {
    ($($method:ident($type:ty))*) => {$(
        fn $method(self, value: $type) -> Result<(), Kind> {
            if value.is_finite() {
                self.text(&number::float(value)?)
            } else {
                self.serialize_unit()
            }
        }
    )*};
}

impl<'a> Serializer for Canonical<'a> {
    type Ok = ();
    type Error = Kind;
    type SerializeSeq = Array<'a>;
    type SerializeTuple = Array<'a>;
    type SerializeTupleStruct = Array<'a>;
    type SerializeTupleVariant = Array<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Struct<'a>;
    type SerializeStructVariant = Object<'a>;

    integers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
    }
    floats! { serialize_f32(f32) serialize_f64(f64) }

    fn serialize_bool(self, value: bool) -> Result<(), Kind> {
        self.text(if value { "true" } else { "false" })
    }

    fn serialize_char(self, value: char) -> Result<(), Kind> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Kind> {
        string(self.write, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Kind> {
        let mut array = self.serialize_tuple(value.len())?;
        for byte in value {
            array.serialize_element(byte)?;
        }
        SerializeTuple::end(array)
    }

    fn serialize_none(self) -> Result<(), Kind> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Kind> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Kind> {
        self.text("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Kind> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Kind> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Kind> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Kind> {
        self.open_variant(variant);
        value.serialize(Canonical::below(self.write))?;
        self.text("}")
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Array<'a>, Kind> {
        Ok(Array::new(self.write, "]"))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Array<'a>, Kind> {
        Ok(Array::new(self.write, "]"))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Array<'a>, Kind> {
        Ok(Array::new(self.write, "]"))
    }

    fn serialize_tuple_variant(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Array<'a>, Kind> {
        self.open_variant(variant);
        Ok(Array::new(self.write, "]}"))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Object<'a>, Kind> {
        Ok(Object::new(self.write, self.keep, "}"))
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Struct<'a>, Kind> {
        Ok(Struct::new(self.write, self.keep, name))
    }

    fn serialize_struct_variant(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Object<'a>, Kind> {
        self.open_variant(variant);
        Ok(Object::new(self.write, &keep_all, "}}"))
    }
}
