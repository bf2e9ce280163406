//! Everything whose instructions are counted, by name.

use std::hint::black_box;

use axum::body::Body;
use http::Request;

use super::{
    evaluators::{ByHand, Evaluator, Ours, TypedHeaders},
    services::{Case, Server},
    valgrind::measured,
    workloads::{self, Shape, Workload},
};

/// Does so many times what `subject` names.
pub(crate) fn repeat(subject: &str, times: u32) {
    let words: Vec<_> = subject.split(' ').collect();
    match words[..] {
        ["evaluate", evaluator, workload] => {
            let workload = workloads::all()
                .into_iter()
                .find(|known| known.name == workload)
                .unwrap_or_else(|| panic!("no workload {workload}"));
            match evaluator {
                Ours::NAME => evaluate::<Ours>(&workload, times),
                TypedHeaders::NAME => evaluate::<TypedHeaders>(&workload, times),
                ByHand::NAME => evaluate::<ByHand>(&workload, times),
                _ => panic!("no evaluator {evaluator}"),
            }
        }
        ["bytes", shape, length] => {
            let shape = Shape::ALL.into_iter().find(|known| known.name() == shape);
            let length = length.parse().expect("a number of bytes");
            evaluate::<Ours>(&shape.expect("a shape").workload(length), times);
        }
        ["service", server, case] => {
            let server = Server::ALL.into_iter().find(|known| known.name() == server);
            serve(server, &find_case(case), times);
        }
        ["request", case] => serve(None, &find_case(case), times),
        _ => panic!("no subject {subject}"),
    }
}

fn find_case(name: &str) -> Case {
    let case = Case::all().into_iter().find(|known| known.name == name);
    case.unwrap_or_else(|| panic!("no case {name}"))
}

fn evaluate<E: Evaluator>(workload: &Workload, times: u32) {
    let evaluator = E::default();
    evaluator.check(workload);
    for _ in 0..times {
        let evaluate = |it: &Workload| evaluator.evaluate(&it.method, &it.headers);
        black_box(measured(evaluate, black_box(workload)));
    }
}

/// Without a server the request is only made and dropped.
fn serve(server: Option<Server>, case: &Case, times: u32) {
    let head = case.head();
    let mut call = server.map(|server| server.start(case));
    for _ in 0..times {
        let request = Request::from_parts(head.clone(), Body::empty());
        match &mut call {
            Some(call) => assert_eq!(
                measured(call, black_box(request)),
                server.expect("there is a call").status(case)
            ),
            None => drop(black_box(request)),
        }
    }
}
