//! Documents the preconditions of all operations. Copy this file, and add
//! `modifiers(&Conditional)` to `#[openapi(…)]`.

use utoipa::{
    Modify,
    openapi::{
        Content, Header, ObjectBuilder, OpenApi, RefOr, Response, ResponseBuilder, Schema, Type,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::SchemaType,
    },
};

/// `*`, or a list of entity tags.
const TAGS: &str = r#"^(\*|(W/)?"[!#-~]*"(, (W/)?"[!#-~]*")*)$"#;

const READ: [(&str, &str); 3] = [
    ("304", "The client has the current representation"),
    ("412", "A precondition is false"),
    ("503", "The state is not known, or the database failed"),
];
const WRITE: [(&str, &str); 3] = [
    ("412", "A precondition is false: nothing is written"),
    ("428", "The request needs If-Match: nothing is written"),
    ("503", "The state is not known: nothing is written"),
];

/// Adds `If-Match`, `If-None-Match`, 304, 412, 428 and 503 to the operations, `ETag` to their
/// responses, and problem details to each error that has no content yet.
pub(crate) struct Conditional;

impl Modify for Conditional {
    fn modify(&self, document: &mut OpenApi) {
        for path in document.paths.paths.values_mut() {
            for read in [&mut path.get, &mut path.head].into_iter().flatten() {
                document_operation(read, &READ);
            }
            // `Requirement::WRITES` does not cover POST.
            if let Some(post) = &mut path.post {
                document_operation(post, &[WRITE[0], WRITE[2]]);
            }
            let writes = [&mut path.put, &mut path.patch, &mut path.delete];
            for write in writes.into_iter().flatten() {
                document_operation(write, &WRITE);
            }
        }
    }
}

fn document_operation(operation: &mut Operation, added: &[(&str, &str)]) {
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    for name in ["If-Match", "If-None-Match"] {
        let tags = ObjectBuilder::new().schema_type(Type::String);
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .description(Some("`*`, or entity tags (RFC 9110 section 13.1)"))
            .schema(Some(tags.pattern(Some(TAGS))));
        parameters.push(RefOr::T(parameter.build()));
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in added {
        let response = ResponseBuilder::new().description(*description);
        let response = || response.build().into();
        responses
            .entry((*status).to_owned())
            .or_insert_with(response);
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response {
            document_response(status, response);
        }
    }
}

fn document_response(status: &str, response: &mut Response) {
    if ["200", "201", "304", "412", "428"].contains(&status) {
        let mut tag = Header::new(ObjectBuilder::new().schema_type(Type::String));
        tag.description = Some("The current entity tag, if there is one".to_owned());
        response.headers.insert("ETag".to_owned(), tag.into());
    }
    if status.starts_with(['4', '5']) && response.content.is_empty() {
        let member = |of: Type| ObjectBuilder::new().schema_type(SchemaType::new(of));
        let problem = ObjectBuilder::new()
            .property("title", member(Type::String))
            .property("status", member(Type::Integer))
            .property("detail", member(Type::String))
            .required("status");
        let problem = Content::new(Some(Schema::from(problem)));
        let media_type = "application/problem+json".to_owned();
        response.content.insert(media_type, problem.into());
    }
}
