use super::suffixes::SuffixSet;
use crate::etag::is_etagc;

/// How preconditions are evaluated, for services and proxies that deviate from RFC 9110.
///
/// The default is [`Rules::RFC9110`], which has no deviations. Each method enables one of them and
/// names its risk. A rule that is not enabled costs nothing.
///
/// Rules can be combined, and the order in which they are set does not matter. A member of a list
/// matches the current tag if it matches by RFC 9110, or if it does after these steps:
///
/// 1. It is read, with [`unquoted_tags`](Self::unquoted_tags) also without quotes.
/// 2. Its [content-coding suffixes](Self::coding_suffixes) are removed, inside and outside the
///    quotes.
/// 3. In `If-Match` of an unsafe method, a [split tag](Self::split_tags) is reduced to its write
///    half.
/// 4. In `If-Match` it is compared strongly, unless [`weak_if_match`](Self::weak_if_match) or
///    [`weakened_by_proxy`](Self::weakened_by_proxy) is set.
///
/// No rule of comparison applies to `If-Range`, because `"x-gzip"` and `"x"` identify different
/// bytes there. For the same reason none applies to the other fields of a GET or a QUERY with
/// `Range`: the client joins the part that it gets with bytes that it has.
///
/// All methods are `const`. Set rules with [`ConditionalLayer::rules`], or pass them to
/// [`Preconditions::evaluate`]:
///
/// [`ConditionalLayer::rules`]: crate::ConditionalLayer::rules
/// [`Preconditions::evaluate`]: crate::Preconditions::evaluate
///
/// ```
/// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Rules};
///
/// const BEHIND_APACHE_AND_NGINX: Rules = Rules::RFC9110
///     .coding_suffixes(&["-gzip", "-br"])
///     .weakened_by_proxy(true);
///
/// let source = ready_fn(|_| EntityTag::from_version(7));
/// let layer = ConditionalLayer::new(source).rules(BEHIND_APACHE_AND_NGINX);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub(super) creation_despite_if_match: bool,
    pub(super) strict_creation: bool,
    pub(super) not_found_first: bool,
    pub(super) tolerant: bool,
    pub(super) suffixes: SuffixSet,
    pub(super) separator: Option<u8>,
    pub(super) unquoted: bool,
    pub(super) weak_if_match: bool,
    pub(super) weakened_by_proxy: bool,
}

impl Rules {
    /// The rules of RFC 9110 section 13, without deviations.
    pub const RFC9110: Rules = Rules {
        creation_despite_if_match: false,
        strict_creation: false,
        not_found_first: false,
        tolerant: false,
        suffixes: SuffixSet::NONE,
        separator: None,
        unquoted: false,
        weak_if_match: false,
        weakened_by_proxy: false,
    };

    /// Sets the content-coding suffixes that proxies append to entity tags: `"x-gzip"` and
    /// `"x"-gzip` match the current tag `"x"` (RFC 9110 section 8.8.3.3).
    ///
    /// A service needs this behind Apache's mod_deflate (`-gzip`; in version 2.2 it is outside the
    /// quotes) and mod_brotli (`-br`), lighttpd, Caddy (`-gzip`, `-zstd`) and Jetty (`--gzip`).
    /// They add the suffix to responses but do not remove it from requests. Without this rule all
    /// conditional writes through them fail, and no revalidation succeeds.
    ///
    /// A suffix is compared byte for byte, and is case-sensitive. It is removed repeatedly, because
    /// several proxies may have added one. No other change of a tag is accepted: `"x-not-gzip"`
    /// does not match `"x"`. A proxy that also weakens the tag needs
    /// [`weakened_by_proxy`](Self::weakened_by_proxy) too. No rule helps behind a proxy that
    /// removes the tag, such as Envoy, or mod_deflate with `DeflateAlterETag Remove`.
    ///
    /// The risk: the compressed and the uncompressed representation count as the same. For a write
    /// or a revalidation this is right. But if the service's own tags can end in a suffix, then the
    /// tag `"x-gzip"` of one version also matches another version whose tag is `"x"`. A 304 carries
    /// the current tag `"x"`. Caches that hold `"x-gzip"` and compare strictly (got, hishel,
    /// undici) reject it and transfer the content in full, see
    /// [`ConditionalLayer::echo_tag`](crate::ConditionalLayer::echo_tag).
    ///
    /// Suffixes of at most 64 bytes together cost least. With a larger set, a request with repeated
    /// suffixes takes time in proportion to the size of the set, and some 50 KiB of stack.
    ///
    /// # Panics
    ///
    /// Panics if a suffix is empty, is longer than 63 bytes, or contains a byte that an entity tag
    /// cannot contain, or if there are more than 511 suffixes, or more than 4,095 bytes of them
    /// together. In a `const` this is a compile error.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
    /// use tower_conditional::{CurrentState, EntityTag, Preconditions, Rules, Validators};
    ///
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("\"7-gzip\""))]);
    /// let current = Validators::from(EntityTag::from_version(7));
    /// let writes = |rules: &Rules| {
    ///     Preconditions::new(&Method::PUT, &headers)
    ///         .evaluate(CurrentState::Present(&current), rules, SystemTime::now())
    ///         .performs()
    /// };
    /// assert!(!writes(&Rules::RFC9110));
    /// assert!(writes(&Rules::RFC9110.coding_suffixes(&["-gzip"])));
    /// ```
    #[must_use]
    pub const fn coding_suffixes(mut self, suffixes: &'static [&'static str]) -> Self {
        self.suffixes = SuffixSet::new(suffixes);
        self.tolerant()
    }

    /// Sets the separator of split tags, `"<read>-<write>"`: `If-Match` of an unsafe method
    /// compares only their write halves (Launchpad's lazr.restful).
    ///
    /// The write half changes with the fields that clients can write, and the read half with all
    /// others. So a write does not fail because of a change that it cannot overwrite. All other
    /// comparisons use the whole tag. A tag is split at its first separator, and a tag without a
    /// separator is compared whole. [Suffixes](Self::coding_suffixes) after the write half are
    /// removed.
    ///
    /// The risk: if the write half does not cover a field that clients can write, updates of that
    /// field are lost. If the read half contains the separator, as a UUID contains `-`, the tag is
    /// split too early, and writes fail without need. Use
    /// [`EntityTag::from_halves`](crate::EntityTag::from_halves), which rejects such a read half.
    ///
    /// # Panics
    ///
    /// Panics if the separator is not ASCII, or is a character that an entity tag cannot contain.
    /// In a `const` this is a compile error.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
    /// use tower_conditional::{CurrentState, EntityTag, Preconditions, Rules, Validators};
    ///
    /// // A comment was added after the client's read, which changed only the read half.
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("\"2f1a-9c04\""))]);
    /// let current = Validators::from(EntityTag::from_static("\"77b3-9c04\""));
    /// let decision = Preconditions::new(&Method::PATCH, &headers).evaluate(
    ///     CurrentState::Present(&current),
    ///     &Rules::RFC9110.split_tags('-'),
    ///     SystemTime::now(),
    /// );
    /// assert!(decision.performs());
    /// ```
    #[must_use]
    pub const fn split_tags(mut self, separator: char) -> Self {
        assert!(
            separator.is_ascii() && is_etagc(separator as u8),
            "a separator is one ASCII character of an entity tag"
        );
        self.separator = Some(separator as u8);
        self.tolerant()
    }

    /// Sets whether members without quotes are read as entity tags: `55e84c0a` as `"55e84c0a"`, and
    /// `W/eeee` as `W/"eeee"`.
    ///
    /// Clients of RESTHeart send such members, and so do the examples in Ironic's specification.
    /// The rule is about requests only: the crate sends an [`EntityTag`](crate::EntityTag) with
    /// quotes.
    ///
    /// The risk: an unquoted member ends at the next comma, so a tag with a comma still needs its
    /// quotes. RFC 9110 section 8.8.3 gives such a member no other meaning. But do not send
    /// unquoted tags: caches and clients may ignore them, and Cloudflare removes them.
    #[must_use]
    pub const fn unquoted_tags(mut self, yes: bool) -> Self {
        self.unquoted = yes;
        self.tolerant()
    }

    /// Sets whether `If-Match` is compared weakly, for services that have only weak tags, such as
    /// Ironic and many Redfish BMCs.
    ///
    /// RFC 9110 section 13.1.1 requires strong comparison, by which a weak tag never matches. So
    /// every conditional write to such a service fails without this rule.
    ///
    /// The risk: a weak tag may stay the same if the service considers a change insignificant. A
    /// write can then overwrite that change.
    #[must_use]
    pub const fn weak_if_match(mut self, yes: bool) -> Self {
        self.weak_if_match = yes;
        self.tolerant()
    }

    /// Sets whether `W/"x"` in `If-Match` matches the current strong tag `"x"`.
    ///
    /// A service needs this behind nginx, HAProxy, Varnish, CloudFront and Cloudflare. They weaken
    /// a strong tag when they compress the response, and pass the weak tag back to the service
    /// unchanged. A current tag that is weak still never matches (RFC 9110 section 13.1.1).
    ///
    /// There is no risk if each strong tag of the service identifies exactly one version: `W/"x"` then
    /// stands for the version with the tag `"x"`.
    #[must_use]
    pub const fn weakened_by_proxy(mut self, yes: bool) -> Self {
        self.weakened_by_proxy = yes;
        self.tolerant()
    }

    /// Sets whether `If-Match` is ignored if there is no representation, so that the write creates
    /// one (RESTHeart's upsert).
    ///
    /// By RFC 9110 section 13.1.1 `If-Match` is false in this case, and the response is 412.
    ///
    /// The risk: if another client deletes the resource, an update creates it again, and the client
    /// that sends the update does not notice.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
    /// use tower_conditional::{CurrentState, Preconditions, Rules};
    ///
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("\"7\""))]);
    /// let put = Preconditions::new(&Method::PUT, &headers);
    /// let upsert = Rules::RFC9110.creation_despite_if_match(true);
    /// let creates = |rules: &Rules| {
    ///     put.evaluate(CurrentState::Missing, rules, SystemTime::now()).performs()
    /// };
    /// assert!(!creates(&Rules::RFC9110));
    /// assert!(creates(&upsert));
    /// ```
    #[must_use]
    pub const fn creation_despite_if_match(mut self, yes: bool) -> Self {
        self.creation_despite_if_match = yes;
        self
    }

    /// Sets whether a write that creates a resource needs `If-None-Match: *`, if a precondition is
    /// [required](crate::ConditionalLayer::require). Without it the response is 428 (RFC 6585
    /// section 3).
    ///
    /// `If-Match` does not satisfy this, not even with
    /// [`creation_despite_if_match`](Self::creation_despite_if_match). DELETE creates nothing and
    /// needs nothing. If no precondition is required, the rule has no effect.
    ///
    /// The risk: most clients create a resource with a plain PUT, and such a PUT is then refused.
    #[must_use]
    pub const fn strict_creation(mut self, yes: bool) -> Self {
        self.strict_creation = yes;
        self
    }

    /// Sets whether PATCH and DELETE with `If-Match` go to the handler if there is no
    /// representation, so that the response is the handler's 404 (S3, cachew).
    ///
    /// By RFC 9110 section 13.1.1 `If-Match` is false in this case, and the response is 412. But
    /// section 13.2.1 also says that a response other than a 2xx or a 412 takes precedence, and
    /// these two methods usually have such a response if there is nothing to change. All other
    /// methods are still answered 412. [`strict_creation`](Self::strict_creation) does not apply
    /// to such a request, because it creates nothing.
    ///
    /// The risk: if the handler creates what it does not find, a PATCH creates a resource that
    /// another client has deleted. [`Outcome::expected`](crate::Outcome::expected) is
    /// [`Expected::Absent`](crate::Expected::Absent) for such a request.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
    /// use tower_conditional::{CurrentState, Preconditions, Rules};
    ///
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("\"7\""))]);
    /// let rules = Rules::RFC9110.not_found_first(true);
    /// let performs = |method: Method| {
    ///     Preconditions::new(&method, &headers)
    ///         .evaluate(CurrentState::Missing, &rules, SystemTime::now())
    ///         .performs()
    /// };
    /// assert!(performs(Method::DELETE));
    /// assert!(!performs(Method::PUT), "a PUT would create it");
    /// ```
    #[must_use]
    pub const fn not_found_first(mut self, yes: bool) -> Self {
        self.not_found_first = yes;
        self
    }

    /// Updates whether any rule of comparison is set. If none is, a comparison needs only one
    /// branch to find that out.
    const fn tolerant(mut self) -> Self {
        self.tolerant = !self.suffixes.is_empty()
            || self.separator.is_some()
            || self.unquoted
            || self.weak_if_match
            || self.weakened_by_proxy;
        self
    }
}

/// Returns [`Rules::RFC9110`].
impl Default for Rules {
    fn default() -> Self {
        Self::RFC9110
    }
}
