//! Numbers in canonical JSON: RFC 8785 section 3.2.2.3 and its Appendix B.

use serde_json::json;
use sha2::{Digest, Sha256};
use tower_conditional::EntityTag;

use crate::support::{assert_canonical, assert_tag};

/// RFC 8785 Appendix B, without its rows for NaN and Infinity. The row for 1424953923781206.2 is a
/// tie, which goes to the even digit.
#[test]
fn floats_are_written_as_ecmascript_does() {
    for (bits, text) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        assert_canonical(f64::from_bits(bits), text);
    }
}

/// A hundred thousand doubles with bits from a linear congruential generator, as Node.js writes
/// them:
///
/// ```js
/// let x = 1n; const out = [], v = new DataView(new ArrayBuffer(8));
/// for (let i = 0; i < 100000; i++) {
///   x = (x * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
///   v.setBigUint64(0, x); out.push(v.getFloat64(0));
/// }
/// require("crypto").createHash("sha256").update(JSON.stringify(out)).digest("hex");
/// ```
#[test]
fn many_doubles_have_the_digits_that_node_js_writes() {
    let mut bits = 1_u64;
    let doubles: Vec<f64> = (0..100_000)
        .map(|_| {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            f64::from_bits(bits)
        })
        .collect();
    let tag = EntityTag::from_json::<Sha256>(&doubles).unwrap();
    assert_tag(
        &tag,
        "\"513c127b70e2a5c224145be75789aa45d770e635276e900c3c84632d9652b549\"",
    );
}

#[test]
fn a_number_is_the_same_however_it_is_held() {
    assert_canonical((1_u8, 1_i64, 1_u128, 1_f32, 1_f64), "[1,1,1,1,1]");
    assert_canonical((0.1_f32, 0.1_f64), "[0.1,0.1]");
    assert_canonical((-0.0_f32, -0.0_f64, 0), "[0,0,0]");
    assert_canonical(
        (1e20, 100_000_000_000_000_000_000_u128),
        "[100000000000000000000,100000000000000000000]",
    );
    let read: serde_json::Value = serde_json::from_str("[1, 1.0, 1e0, 10E-1, -0, -0.0]").unwrap();
    assert_canonical(read, "[1,1,1,1,0,0]");
}

#[test]
fn integers_have_all_their_digits() {
    assert_canonical(
        (i64::MIN, u64::MAX, i128::MIN, u128::MAX),
        "[-9223372036854775808,18446744073709551615,\
         -170141183460469231731687303715884105728,340282366920938463463374607431768211455]",
    );
    assert_canonical(
        [9_007_199_254_740_992_u64, 9_007_199_254_740_993],
        "[9007199254740992,9007199254740993]",
    );
}

#[test]
fn what_json_has_no_number_for_is_null() {
    assert_canonical(
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY],
        "[null,null,null]",
    );
    assert_canonical([f32::NAN], "[null]");
    assert_canonical(json!([f64::NAN]), "[null]");
}

/// With the feature `arbitrary_precision` of `serde_json` these numbers are kept as text. Without
/// it this test is the reference; the library's own tests give the formatter the same texts.
#[test]
fn a_number_that_was_read_has_the_same_tag_with_arbitrary_precision() {
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
    ] {
        let read: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_canonical(read, canonical);
    }
}

/// Without the feature such a number cannot even be read.
#[test]
fn a_number_beyond_a_double_has_no_tag() {
    for text in ["1E400", "-1E400"] {
        if let Ok(read) = serde_json::from_str::<serde_json::Value>(text) {
            let error = EntityTag::from_json::<Sha256>(&read).unwrap_err();
            assert_eq!(
                error.to_string(),
                "no entity tag for this value: a number is beyond what a double can hold"
            );
        }
    }
}

#[test]
fn the_canonical_form_is_hashed_as_it_is() {
    let tag = EntityTag::from_json::<Sha256>(&[1.5, 2.0]).unwrap();
    let by_hand = EntityTag::from_digest(Sha256::digest(b"[1.5,2]"));
    assert!(tag.strong_eq(&by_hand));
}
